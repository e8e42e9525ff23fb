using LeadFunctions.Events.Queueing;
using LeadFunctions.Ingest;

namespace LeadFunctions.Tests.Ingest;

/// <summary>The golden table: what each recorded request becomes, down to the byte.</summary>
public sealed class CapturedRequestTests
{
    [Fact]
    public void Every_recorded_request_becomes_the_events_in_the_golden_file()
    {
        var actual = new List<string>();
        foreach (var capture in Captures.Posts)
        {
            var call = Call.Find(capture.Path[4..])!;
            var normalised = Normalised.Of(capture.Body, Normalised.Facts(Normalised.Source with { DropBots = false }) with { Type = call.Type });

            Assert.Empty(normalised.Refusals);
            actual.Add($"{capture.Name} {capture.Path}");
            actual.AddRange(normalised.Json);
        }

        var file = Path.Combine(Captures.Folder(), "golden.txt");
        var expected = File.Exists(file) ? File.ReadAllLines(file) : [];
        if (!expected.SequenceEqual(actual))
        {
            // Beside the golden file's copy for a look; move it over when the difference is meant.
            File.WriteAllLines(Path.Combine(Path.GetTempPath(), "golden.actual.txt"), actual);
        }

        Assert.Equal(expected, actual);
    }

    [Fact]
    public void The_recorded_browser_is_headless_and_therefore_a_bot_unless_the_source_wants_them()
    {
        var page = Captures.Posts.First(c => c.Name.StartsWith("segment-browser-standard", StringComparison.Ordinal));

        Assert.Equal(Outcome.Bot, Normalised.Of(page.Body).Outcome);
    }
}
