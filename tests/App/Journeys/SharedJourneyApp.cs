using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using LeadFunctions.Tests.Support;

namespace LeadFunctions.Tests.Journeys;

/// <summary>One app for several tests, one after another, each of which begins on a Monday at ten in the app's time.</summary>
public sealed class SharedJourneyApp() : SharedApp(JourneyApp.Start)
{
    private JourneyScope? _last;
    private int _tests;

    /// <summary>For one test, which disposes it.</summary>
    /// <param name="after">So long after ten.</param>
    internal async Task<JourneyScope> BeginAsync(TimeSpan after = default)
    {
        var app = Borrow();
        if (_last is not null)
        {
            await _last.ForgetAsync(app);
        }

        var weeks = Math.Ceiling(((await app.GetAsync("/api/clock")).Json.GetProperty("now").GetDateTimeOffset() - JourneyApp.Start - after) / TimeSpan.FromDays(7));
        var later = TimeSpan.FromDays(7 * weeks);
        var moved = await app.PostAsync("/api/clock", JsonSerializer.Serialize(new { to = JourneyApp.Start + later + after }));
        Assert.True(moved.Status == HttpStatusCode.OK, $"The tests before left something that does not end; the last one's names end in -{_tests}: {moved.Text}");
        return _last = new JourneyScope(app, ++_tests, later);
    }
}

/// <summary>What leads do in journeys, test by test.</summary>
[CollectionDefinition(nameof(OneJourneyApp))]
public sealed class OneJourneyApp : ICollectionFixture<SharedJourneyApp>;

/// <summary>
/// The shared app as if a test had it to itself: what the test calls <c>j</c>, <c>ann</c> and <c>a@b.c</c> is <c>j-3</c>, <c>ann-3</c> and <c>a-3@b.c</c> there,
/// and what is told of times counts from the first Monday, as whole weeks have passed since.
/// </summary>
internal sealed partial class JourneyScope(TestApp app, int number, TimeSpan later) : IAsyncDisposable
{
    private readonly HashSet<string> _published = [];

    public TestApp App => app;

    /// <summary>When the test has begun by the app's clock.</summary>
    public DateTimeOffset Start => JourneyApp.Start + later;

    /// <summary>What the app knows a journey, or an id of a lead, by.</summary>
    public string Named(string name) => name.Split('@') is [var local, var domain] ? $"{local}-{number}@{domain}" : $"{name}-{number}";

    /// <summary>An app's time as the test counts.</summary>
    public DateTimeOffset Told(DateTimeOffset time) => time - later;

    public void ExpectErrors() => app.ExpectErrors();

    public Task SettleAsync() => app.SettleAsync();

    public Task AdvanceAsync(TimeSpan by) => app.AdvanceAsync(by);

    public async Task PublishAsync(string id, string json)
    {
        _published.Add(id);
        await app.PublishAsync(Named(id), json);
    }

    public async Task PublishSampleAsync(string name)
    {
        await app.WriteToWhoDidNotRefuseAsync();
        await PublishAsync(name, Repository.Read($"samples/journeys/{name}.json"));
    }

    public Task<Answer> GetAsync(string path) => app.GetAsync(Own(path));

    public Task<Answer> PostAsync(string path, string? body = null) => app.PostAsync(Own(path), body);

    public Task<Answer> PutAsync(string path, string body) => app.PutAsync(Own(path), body);

    public Task SendAsync(params IReadOnlyList<object> calls) => app.SendAsync([.. calls.Select(call => Own(JsonSerializer.SerializeToNode(call)!))]); // it is an object

    public Task<IReadOnlyList<JsonElement>> RunsAsync(string journey, string query = "") => app.RunsAsync(Named(journey), query);

    /// <summary>What its journeys have sent, in order of time.</summary>
    public async Task<IReadOnlyList<string>> SentAsync(string? journey = null)
    {
        var sent = await Task.WhenAll(_published.Where(id => journey is null || id == journey).Select(id => app.SentAsync(Named(id), later)));
        return [.. sent.SelectMany(lines => lines).Order(StringComparer.Ordinal)];
    }

    /// <summary>Its journeys let nobody in any more.</summary>
    public async Task ForgetAsync(TestApp by)
    {
        foreach (var id in _published)
        {
            await by.PublishAsync(Named(id), """{"name":"over","trigger":{"api":true},"steps":[{"id":"over","type":"exit"}]}""");
        }
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();

    private string Own(string path) => JourneyInPath().Replace(path, match => Named(match.Value));

    private JsonNode Own(JsonNode call)
    {
        foreach (var (from, name) in new[] { (call, "userId"), (call, "anonymousId"), (call, "messageId"), (call["traits"], "email") })
        {
            if (from?[name] is { } value)
            {
                from[name] = Named(value.GetValue<string>());
            }
        }

        return call;
    }

    [GeneratedRegex("(?<=^/api/journeys/)[^/?]+")]
    private static partial Regex JourneyInPath();
}
