using System.Net;
using System.Text.Json;

namespace LeadFunctions.Tests.Journeys.Statistics;

/// <summary>Asks whom each number of a journey's statistics counts, and adds them up.</summary>
internal static class CountedPeople
{
    /// <returns>What was asked, and what there is of it.</returns>
    public static async Task<IReadOnlyDictionary<string, long>> AllCountedAsync(this JourneyScope app, string journey, int days = 40)
    {
        var (stats, asked) = ((await app.GetAsync($"/api/journeys/{journey}/stats?days={days}")).Json, new Dictionary<string, long>());
        foreach (var (version, of) in stats.GetProperty("versions").EnumerateObject().Select(one => ($"&version={one.Name}", one.Value)).Append(("", stats)))
        {
            foreach (var (name, what) in new[] { ("entered", "entered"), ("active", "inside"), ("heldOut", "heldOut"), ("sent", "sent"), ("goals", "ended&how=goal") })
            {
                await AskAsync(what + version, of.GetProperty(name));
            }

            await AskEachAsync("ended&how=", of.GetProperty("left"), version);
            foreach (var step in of.GetProperty("steps").EnumerateObject())
            {
                await AskAsync($"inside&step={step.Name}{version}", step.Value.GetProperty("here"));
                await AskAsync($"through&step={step.Name}{version}", step.Value.GetProperty("through"));
                await AskEachAsync($"left&step={step.Name}&how=", step.Value.GetProperty("left"), version);
                await AskEachAsync($"skipped&step={step.Name}&why=", step.Value.GetProperty("skipped"), version);
                if (step.Value.TryGetProperty("waited", out var waited))
                {
                    await AskAsync($"waited&step={step.Name}{version}", waited.GetProperty("count"));
                }
            }

            foreach (var (step, way) in of.GetProperty("paths").EnumerateObject().SelectMany(step => step.Value.EnumerateObject().Select(way => (step.Name, way))))
            {
                await AskAsync($"way&step={step}&way={way.Name}{version}", way.Value.GetProperty("runs"));
                await AskAsync($"way&step={step}&way={way.Name}&goal=true{version}", way.Value.GetProperty("goals"));
            }
        }

        var (recent, lately) = (stats.GetProperty("recent"), $"&days={days}");
        await AskAsync($"entered{lately}", recent.GetProperty("entered"));
        await AskAsync($"sent{lately}", recent.GetProperty("sent"));
        foreach (var step in recent.GetProperty("steps").EnumerateObject())
        {
            await AskAsync($"through&step={step.Name}{lately}", step.Value.GetProperty("through"));
            await AskEachAsync($"left&step={step.Name}&how=", step.Value.GetProperty("left"), lately);
        }

        return asked;

        async Task AskEachAsync(string what, JsonElement counts, string version)
        {
            foreach (var one in counts.EnumerateObject())
            {
                await AskAsync(what + one.Name + version, one.Value);
            }
        }

        async Task AskAsync(string what, JsonElement count)
        {
            var (times, notKept) = await ListedAsync(app, journey, what);
            Assert.True(times + notKept == count.GetInt64(), $"{what}: {count} are counted, {times} listed, and {notKept} not kept.");
            (asked[what], asked[$"{what} not kept"]) = (count.GetInt64(), notKept);
        }
    }

    private static async Task<(long Times, long NotKept)> ListedAsync(JourneyScope app, string journey, string what)
    {
        long times = 0;
        for (string? cursor = null; ;)
        {
            var page = await app.GetAsync($"/api/journeys/{journey}/people?of={what}&limit=5{cursor}");
            Assert.True(page.Status == HttpStatusCode.OK, page.Text);
            times += page.Json.GetProperty("items").EnumerateArray().Sum(one => one.GetProperty("times").GetInt64());
            if (!page.Json.TryGetProperty("nextCursor", out var next))
            {
                return (times, page.Json.GetProperty("notKept").GetInt64());
            }

            cursor = $"&cursor={next}";
        }
    }
}
