using LeadFunctions.Clock;
using LeadFunctions.Platform.Storage;
using LeadFunctions.Tests.Support;

namespace LeadFunctions.Tests.Clock;

/// <summary>Who was woken and has not been advanced since.</summary>
public sealed class OwedAdvancesTests
{
    private const string Run = "journey.lead.key";

    [Fact]
    public async Task A_wake_up_is_owed_until_an_advance_that_began_after_it_has_ended()
    {
        var owed = await NewAsync();
        await owed.AddAsync(Run);
        Assert.False(Assert.Single(await owed.SomeAsync(default)).IsUnderWay);

        var begun = await owed.BeginAsync(Run, "a");
        Assert.True(Assert.Single(await owed.SomeAsync(default)).IsUnderWay);
        await owed.EndAsync(begun, "a", default);

        Assert.Empty(await owed.SomeAsync(default));
    }

    [Fact]
    public async Task What_is_owed_anew_during_an_advance_stays_owed()
    {
        var owed = await NewAsync();
        var begun = await owed.BeginAsync(Run, "a");
        await owed.AddAsync(Run);
        Assert.True(Assert.Single(await owed.SomeAsync(default)).IsUnderWay);

        await owed.EndAsync(begun, "a", default);
        var left = Assert.Single(await owed.SomeAsync(default));
        Assert.False(left.IsUnderWay);

        await owed.EndAsync(await owed.BeginAsync(Run, "b"), "b", default);
        Assert.Empty(await owed.SomeAsync(default));
    }

    [Fact]
    public async Task An_advance_that_is_done_twice_is_under_way_until_the_second_has_ended()
    {
        var owed = await NewAsync();
        var first = await owed.BeginAsync(Run, "a");
        var second = await owed.BeginAsync(Run, "b");

        await owed.EndAsync(first, "a", default);
        Assert.True(Assert.Single(await owed.SomeAsync(default)).IsUnderWay);
        await owed.EndAsync(second, "b", default);

        Assert.Empty(await owed.SomeAsync(default));
    }

    [Fact]
    public async Task What_is_owed_anew_is_not_removed_with_what_was_owed_before()
    {
        var owed = await NewAsync();
        await owed.AddAsync(Run);
        var before = Assert.Single(await owed.SomeAsync(default));
        await owed.AddAsync(Run);

        Assert.False(await owed.RemoveAsync(before));
        Assert.True(await owed.RemoveAsync(Assert.Single(await owed.SomeAsync(default))));
        Assert.Empty(await owed.SomeAsync(default));
    }

    private static async Task<OwedAdvances> NewAsync()
    {
        var storage = StorageClients.From(new Microsoft.Extensions.Configuration.ConfigurationManager { ["AzureWebJobsStorage"] = await Emulator.NewSharedAccountAsync() });
        await storage.Table(ClockTable.Name).CreateIfNotExistsAsync();
        return new(storage);
    }
}
