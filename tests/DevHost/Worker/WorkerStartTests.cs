using System.Text.RegularExpressions;
using DevHost.Tests.Support;
using DevHost.Worker;
using FsCheck;
using FsCheck.Fluent;

namespace DevHost.Tests.Worker;

public sealed partial class WorkerStartTests
{
    [Theory]
    [InlineData("throws", "System.InvalidOperationException: The sample cannot start.")]
    [InlineData("refuses", "SAMPLE_START: set it to something else.")]
    [InlineData("ends", "The app ended while it started (exit code 3).")]
    [InlineData("incomplete", "The worker cannot load Missing: System.InvalidOperationException: Method 'Run' specified in EntryPoint was not found. This function cannot be created.")]
    [InlineData("without HTTP", "StartRun has an HTTP trigger, but the app serves no HTTP: it needs ConfigureFunctionsWebApplication().")]
    public async Task An_app_that_cannot_start_tells_why_in_a_line(string how, string why)
    {
        var exception = await Assert.ThrowsAsync<StartException>(() => SampleHost.StartAsync(null, ("SAMPLE_START", how)));

        Assert.Equal(why, exception.Message);
    }

    [Fact]
    public async Task An_app_without_HTTP_triggers_needs_no_HTTP()
    {
        var http = AppFolder.Read(Sample.Folder, new Dictionary<string, string>()).Functions.Where(function => function.IsHttp);
        await using var app = await SampleHost.StartAsync(null, [.. http.Select(function => ($"AzureWebJobs.{function.Name}.Disabled", "true")), ("SAMPLE_START", "without HTTP")]);

        await app.SendAsync("texts", "alone");

        await app.Journal.ShowsAsync("text alone 1 with an id");
    }

    [Fact]
    public async Task A_worker_that_dies_again_and_again_is_started_again_ever_later_until_it_lives()
    {
        await using var app = await SampleHost.StartAsync(null, ("SAMPLE_START", "once"));
        await app.SendAsync("texts", "first");
        await app.Journal.ShowsAsync("text first 1 with an id");
        app.KillWorker();
        await Eventually.BeTrueAsync(() => Pauses().Count >= 4, () => string.Join('\n', app.Lines.All));
        File.Delete(app.Journal.FilePath); // Now it would start.

        using var response = await app.Client.GetAsync("plain");

        Assert.True(response.IsSuccessStatusCode);
        Assert.True(Pauses() is [.. var pauses] && pauses.SequenceEqual(pauses.Distinct().Order()), string.Join(' ', Pauses()));

        List<double> Pauses() => [.. app.Lines.Errors.Select(line => Again().Match(line)).Where(match => match.Success).Select(match => double.Parse(match.Groups[1].Value)).Skip(1)];
    }

    [Fact]
    public void Pauses_grow_after_short_lives_up_to_a_limit_and_begin_anew_after_a_long_one() => Prop.ForAll(
        (from lives in Gen.Choose(0, 10_000).Select(milliseconds => TimeSpan.FromMilliseconds(milliseconds)).ListOf() select lives).ToArbitrary(),
        lives =>
        {
            var pauses = lives.Aggregate((IReadOnlyList<TimeSpan>)[TimeSpan.Zero], (before, lived) => [.. before, WorkerKeeper.PauseAfter(lived, before[^1])]);
            return pauses.Zip(pauses.Skip(1)).All(pair => pair.Second > pair.First || pair.Second == TimeSpan.FromSeconds(10))
                && pauses.All(pause => pause <= TimeSpan.FromSeconds(10))
                && WorkerKeeper.PauseAfter(TimeSpan.FromMinutes(1), pauses[^1]) == TimeSpan.Zero;
        }).QuickCheckThrowOnFailure();

    [GeneratedRegex(@"is started again in ([0-9.]+) s\.")]
    private static partial Regex Again();
}
