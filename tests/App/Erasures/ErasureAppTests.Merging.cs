using System.Net;
using LeadFunctions.Erasures;
using LeadFunctions.Leads.Pipeline;
using LeadFunctions.Leads.State;
using LeadFunctions.Platform.Definitions;
using LeadFunctions.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using static LeadFunctions.Tests.Journeys.JourneyApp;

namespace LeadFunctions.Tests.Erasures;

/// <summary>Somebody is erased while two leads of theirs are being made one: one is frozen, and the other has not heard of it.</summary>
public sealed partial class ErasureAppTests
{
    public enum Absorbing
    {
        /// <summary>It is heard of while the erasure waits.</summary>
        Comes,

        /// <summary>Whoever was to tell it died for good.</summary>
        IsLost,

        /// <summary>It is heard of when the lead is gone.</summary>
        ComesLate,
    }

    [Theory]
    [InlineData(Absorbing.Comes, false)]
    [InlineData(Absorbing.IsLost, false)]
    [InlineData(Absorbing.ComesLate, true)]
    public async Task Who_is_just_being_merged_into_the_lead_is_erased_with_it_whichever_was_named(Absorbing absorbing, bool isWhoStays)
    {
        await using var app = shared.Borrow();
        var (keeps, moves) = ($"keeps-{absorbing}-{isWhoStays}".ToLowerInvariant(), $"moves-{absorbing}-{isWhoStays}".ToLowerInvariant());
        await app.SendAsync(Identify(keeps, new { email = $"{keeps}@merging.example" }), Identify(moves, new { email = $"{moves}@merging.example" }));
        await app.SettleAsync();
        var (stays, goes) = (await IdOfAsync(keeps), await IdOfAsync(moves));
        await FreezeAsync(app, goes, stays);
        var table = app.NewServices().GetRequiredService<ErasuresTable>();
        var erasure = new ErasureState(Guid.CreateVersion7().ToString("N"), isWhoStays ? stays : goes, absorbing == Absorbing.IsLost ? Start.AddYears(-1) : Start.AddYears(100), "test"); // long ago, or just now
        await table.AddAsync(erasure, default);

        if (absorbing == Absorbing.Comes)
        {
            Assert.False(await (await NewWorkAsync(app)).AdvanceAsync(null!, erasure.Id, default)); // without runs nobody asks the engine
            Assert.Null((await table.FindAsync(erasure.Id, default))!.State.Person); // it waits: they are no part of the other yet
            await HearAsync();
        }

        for (var found = await table.FindAsync(erasure.Id, default); found!.State.Step == 0; found = await table.FindAsync(erasure.Id, default)) // until the lead is gone
        {
            await (await NewWorkAsync(app)).AdvanceAsync(null!, erasure.Id, default);
        }

        if (absorbing == Absorbing.ComesLate)
        {
            await HearAsync();
        }

        await app.GetAsync($"/api/erasures/{erasure.Id}"); // which has somebody go on
        await app.SettleAsync();
        await app.AdvanceAsync(TimeSpan.FromMinutes(20));
        await app.SettleAsync();

        Assert.Equal("done", (await app.GetAsync($"/api/erasures/{erasure.Id}")).Json.GetProperty("status").GetString());
        foreach (var (user, id) in new[] { (keeps, stays), (moves, goes) })
        {
            Assert.Equal(HttpStatusCode.NotFound, (await app.GetAsync($"/api/leads/{id}")).Status);
            Assert.Empty((await app.GetAsync($"/api/leads?email={user}@merging.example")).Json.GetProperty("items").EnumerateArray());
            Assert.Equal("erased", (await app.GetAsync($"/api/suppressions/{user}@merging.example")).Json.GetProperty("reason").GetString());
        }

        await app.SendAsync(Identify(keeps, new { email = $"{moves}@merging.example" }), Identify(moves, new { plan = "pro" })); // nor does another system bring them back
        await app.SettleAsync();
        Assert.All([stays, goes], id => Assert.Equal(HttpStatusCode.NotFound, app.GetAsync($"/api/leads/{id}").GetAwaiter().GetResult().Status));

        async Task<string> IdOfAsync(string user) => (await app.GetAsync($"/api/leads?userId={user}")).Json.GetProperty("items")[0].GetProperty("id").GetString()!; // it has one

        // Whatever comes by a frozen lead that may not have been heard of says it again.
        async Task HearAsync()
        {
            await app.SendAsync(Track(moves, "Comes By"));
            await app.SettleAsync();
        }
    }

    /// <summary>The first half of a merge, and no more: whoever did it died.</summary>
    private static async Task FreezeAsync(TestApp app, string goes, string stays)
    {
        var services = app.NewServices();
        await Task.WhenAll(services.GetServices<IFreshness>().Select(one => one.FreshAsync(default).AsTask()));
        var leads = services.GetRequiredService<LeadsTable>();
        var (row, tag) = (await leads.FindAsync(goes, default))!.Value; // it is there
        var frozen = Reducer.Apply(((LeadRow.Profile)row).State, [new(Merges.FreezeByHand(goes, stays, $"half-{goes}", Start), Start, [])], services.GetRequiredService<RulesInEffect>().Current, Start).State;
        await leads.SubmitAsync([LeadRows.Write(frozen, default, tag)], default);
        Assert.Contains(frozen.Outbox, effect => effect is { Kind: EffectKind.Merged });
    }
}
