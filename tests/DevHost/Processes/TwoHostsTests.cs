using DevHost.Tests.Support;

namespace DevHost.Tests.Processes;

public sealed class TwoHostsTests
{
    // Durable's leases last half a minute, and are looked at every ten seconds.
    private static readonly TimeSpan LeasePatience = TimeSpan.FromMinutes(4);

    [Fact]
    public async Task Two_hosts_share_an_account_and_either_may_die()
    {
        await using var one = await SampleHost.StartAsync();
        var journal = new Journal();
        await using var other = await HostProcess.StartAsync(one.Account, journal, Sample.NewPath());
        for (var number = 1; number <= 20; number++) // More than one host takes at once.
        {
            await one.SendAsync("waiting", $"m{number}");
        }

        await Eventually.BeTrueAsync(() => one.Journal.Lines.Count > 0 && journal.Lines.Count > 0, () => "One takes all.");
        for (var number = 1; number <= 20; number++)
        {
            one.Journal.Release($"m{number}");
            journal.Release($"m{number}");
        }

        await Eventually.BeTrueAsync(() => Finished().Count >= 20, () => string.Join('\n', Finished()));
        Assert.Equal(Enumerable.Range(1, 20).Select(number => $"m{number} finished").Order(StringComparer.Ordinal), Finished().Order(StringComparer.Ordinal));

        using var started = await other.Client.PostAsync("runs/Round/shared", null);
        await Eventually.BeTrueAsync(() => one.Journal.Count("shared greeted") + journal.Count("shared greeted") == 1, () => "The run does not begin.");
        await Eventually.BeTrueAsync(one.EngineHasNothingInHandAsync, () => "The run does not come to rest."); // What a killed host has in hand is hidden for minutes.
        other.Kill();
        await one.SendAsync("texts", "alone");
        await one.Journal.ShowsAsync("text alone 1 with an id");
        using var raised = await one.Client.PostAsync("runs/shared/events/still", null);
        await one.RunEndsAsync("shared", "Completed \"hello shared, still\"", LeasePatience);

        List<string> Finished() => [.. one.Journal.Lines.Concat(journal.Lines).Where(line => line.EndsWith(" finished", StringComparison.Ordinal))];
    }
}
