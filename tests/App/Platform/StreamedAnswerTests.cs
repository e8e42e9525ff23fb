using System.Runtime.CompilerServices;
using LeadFunctions.Platform.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace LeadFunctions.Tests.Platform;

/// <summary>A caller who got the end of an answer has all of it.</summary>
public sealed class StreamedAnswerTests
{
    [Fact]
    public async Task What_fails_before_the_first_piece_is_the_functions_own_failure() =>
        await Assert.ThrowsAsync<IOException>(() => StreamedAnswer.BeginAsync("text/csv", "x.csv", Pieces(0), CancellationToken.None));

    [Fact]
    public async Task What_fails_on_the_way_breaks_the_connection_off()
    {
        var (context, connection) = NewContext();
        var answer = await StreamedAnswer.BeginAsync("text/csv", "x.csv", Pieces(2), CancellationToken.None);

        await Assert.ThrowsAsync<IOException>(() => answer.ExecuteAsync(context));

        Assert.True(connection.IsAborted);
    }

    [Fact]
    public async Task All_pieces_go_out_in_their_order_and_the_connection_stays()
    {
        var (context, connection) = NewContext();
        var answer = await StreamedAnswer.BeginAsync("text/csv", "x.csv", Pieces(3, fails: false), CancellationToken.None);

        await answer.ExecuteAsync(context);

        Assert.Equal([0, 1, 2], ((MemoryStream)context.Response.Body).ToArray());
        Assert.Equal(("text/csv", "attachment; filename=\"x.csv\"", false), (context.Response.ContentType, context.Response.Headers.ContentDisposition.ToString(), connection.IsAborted));
    }

    [Fact]
    public async Task A_caller_who_leaves_ends_it_without_a_word()
    {
        using var left = new CancellationTokenSource();
        var (context, _) = NewContext(left.Token);
        var answer = await StreamedAnswer.BeginAsync("text/csv", "x.csv", Pieces(int.MaxValue, () => left.Cancel()), left.Token);

        await answer.ExecuteAsync(context);

        Assert.True(context.Response.Body.Length < 10);
    }

    private static (HttpContext Context, Connection Connection) NewContext(CancellationToken left = default)
    {
        var (context, connection) = (new DefaultHttpContext(), new Connection { RequestAborted = left });
        context.Features.Set<IHttpRequestLifetimeFeature>(connection);
        context.Response.Body = new MemoryStream();
        return (context, connection);
    }

    private static async IAsyncEnumerable<ReadOnlyMemory<byte>> Pieces(int count, Action? third = null, bool fails = true, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        for (var i = 0; i < count; i++)
        {
            if (i == 2)
            {
                third?.Invoke();
            }

            cancellationToken.ThrowIfCancellationRequested();
            await Task.Yield();
            yield return new[] { (byte)i };
        }

        if (fails)
        {
            throw new IOException("Storage is away.");
        }
    }

    private sealed class Connection : IHttpRequestLifetimeFeature
    {
        public CancellationToken RequestAborted { get; set; }

        public bool IsAborted { get; private set; }

        public void Abort() => IsAborted = true;
    }
}
