using System.Text.Json;
using LeadFunctions.Events;
using LeadFunctions.Leads.State;
using LeadFunctions.Platform.Storage;
using LeadFunctions.Publications;
using LeadFunctions.Segments;
using LeadFunctions.Segments.Fill;
using LeadFunctions.Segments.Stored;
using LeadFunctions.Tests.Support;
using Microsoft.Extensions.Configuration;

namespace LeadFunctions.Tests.Segments;

public sealed class MemberMovesTests
{
    private static readonly DateTimeOffset Monday = new(2026, 6, 1, 10, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task Each_coming_and_going_counts_once_by_its_day_however_often_and_by_whomever_it_is_told()
    {
        var account = StorageClients.From(new ConfigurationManager { ["AzureWebJobsStorage"] = await Emulator.NewSharedAccountAsync() });
        await account.Table(MembersTable.Name).CreateIfNotExistsAsync();
        MembersTable[] instances = [new(account), new(account)];
        var come = Enumerable.Range(0, 40).Select(lead => Effect(lead, EffectKind.SegmentEntered, 0)).ToList();
        var gone = Enumerable.Range(0, 15).Select(lead => Effect(lead, EffectKind.SegmentLeft, 2)).ToList();

        await Task.WhenAll(instances[0].UpdateAsync(come[..25], default), instances[1].UpdateAsync(come[20..], default));
        await Task.WhenAll(instances[0].UpdateAsync(gone, default), instances[1].UpdateAsync([.. gone, Effect(39, EffectKind.SegmentEntered, 1, stay: 2)], default));
        await instances[0].UpdateAsync(gone[..3], default);

        var day = DateOnly.FromDateTime(Monday.UtcDateTime);
        Assert.Equal([new(day, 40, 0), new(day.AddDays(1), 1, 0), new(day.AddDays(2), 0, 15)], await instances[1].MovesAsync("s", day, default));
        Assert.Empty(await instances[1].MovesAsync("other", day, default));
        Assert.Equal(Ids(Enumerable.Range(0, 40)), await MovedAsync(instances[1], day, isIn: true)); // exactly those whom the numbers count
        Assert.Equal(Ids([39]), await MovedAsync(instances[0], day.AddDays(1), isIn: true));
        Assert.Equal(Ids(Enumerable.Range(0, 15)), await MovedAsync(instances[0], day.AddDays(2), isIn: false));
        Assert.Empty(await MovedAsync(instances[0], day, isIn: false));
        var left = new List<MemberRow>();
        await foreach (var row in instances[0].ReadAsync("s", null, default))
        {
            left.Add(row);
        }

        Assert.Equal(26, left.Count); // neither days nor who moved are members
        await instances[0].RemoveLeadsAsync([Identity.User("u7").Hash(), Identity.User("u8").Hash()], ["s", "other"], default); // erased: the numbers stay
        Assert.Equal(Ids(Enumerable.Range(0, 15).Except([7, 8])), await MovedAsync(instances[0], day.AddDays(2), isIn: false));
        Assert.Equal([new(day.AddDays(2), 0, 15)], await instances[0].MovesAsync("s", day.AddDays(2), default));
        Assert.Equal([new(day.AddDays(2), 0, 15)], await instances[0].MovesAsync("s", day, default)); // the days before are forgotten
    }

    [Fact]
    public async Task Who_moved_is_forgotten_with_the_days_that_are_told_and_of_a_day_on_which_all_moved_only_so_many_are_kept()
    {
        var account = StorageClients.From(new ConfigurationManager { ["AzureWebJobsStorage"] = await Emulator.NewSharedAccountAsync() });
        await account.Table(MembersTable.Name).CreateIfNotExistsAsync();
        var members = new MembersTable(account);
        var day = DateOnly.FromDateTime(Monday.UtcDateTime);
        var many = Enumerable.Range(0, 40_000).Where(lead => LeadIds.ShardIndex(Identity.User($"u{lead}").Hash()) == 0).Take(MemberMoves.MostNamed + 30).ToList();

        await members.UpdateAsync([.. many.Select(lead => Effect(lead, EffectKind.SegmentEntered, 0))], default);
        Assert.Equal([new(day, many.Count, 0)], await members.MovesAsync("s", day, default));
        Assert.Equal(MemberMoves.MostNamed, (await MovedAsync(members, day, isIn: true)).Count);

        // With so many named, a move takes its own row and its day's: twice as many fit a transaction.
        var moves = new MemberMoves(account.Table(MembersTable.Name));
        var move = new MemberMoves.Move("x", 1, Monday, IsIn: true);
        Assert.Equal(2, moves.RowsOf("s|s00", move).Count());
        (await moves.PrepareAsync("s|s00", [move])).Stored([default]);
        Assert.Equal([MemberMoves.RowOf(day)], moves.RowsOf("s|s00", move));
        Assert.Equal(2, moves.RowsOf("s|s00", move with { IsIn = false }).Count());
        Assert.Equal(2, moves.RowsOf("s|s01", move).Count());

        await members.UpdateAsync([Effect(many[0], EffectKind.SegmentLeft, MemberMoves.Kept - 1)], default);
        Assert.NotEmpty(await MovedAsync(members, day, isIn: true));
        await members.UpdateAsync([Effect(many[1], EffectKind.SegmentLeft, MemberMoves.Kept)], default);
        Assert.Empty(await MovedAsync(members, day, isIn: true));
        Assert.Single(await MovedAsync(members, day.AddDays(MemberMoves.Kept - 1), isIn: false));
    }

    [Fact]
    public async Task Of_a_segment_in_which_nobody_moves_any_more_asking_forgets_who_moved_and_of_one_that_is_gone_nothing_stays()
    {
        var account = StorageClients.From(new ConfigurationManager { ["AzureWebJobsStorage"] = await Emulator.NewSharedAccountAsync() });
        await account.Table(MembersTable.Name).CreateIfNotExistsAsync();
        var members = new MembersTable(account);
        var day = DateOnly.FromDateTime(Monday.UtcDateTime);

        await members.UpdateAsync([.. Enumerable.Range(0, 20).Select(lead => Effect(lead, EffectKind.SegmentEntered, 0))], default);
        await members.UpdateAsync([.. Enumerable.Range(0, 3).Select(lead => Effect(lead, EffectKind.SegmentLeft, 1))], default);
        Assert.Equal([new(day.AddDays(1), 0, 3)], await members.MovesAsync("s", day.AddDays(1), default));
        Assert.Empty(await MovedAsync(members, day, isIn: true));
        Assert.Equal(3, (await MovedAsync(members, day.AddDays(1), isIn: false)).Count);

        await members.ForgetMovesAsync("s");
        await members.UpdateAsync([.. Enumerable.Range(3, 17).Select(lead => Effect(lead, EffectKind.SegmentLeft, 2, version: null))], default); // as they hear that it is gone
        Assert.Empty(account.Table(MembersTable.Name).Query<Azure.Data.Tables.TableEntity>());
    }

    [Theory]
    [InlineData("warm.deleted.0123", "warm")]
    [InlineData("warm.12", null)]
    public void A_walk_after_a_deletion_says_of_what(string name, string? segment) => Assert.Equal(segment, Fills.DeletedOf(name));

    [Fact]
    public void What_asks_for_a_segment_names_it_wherever_that_stands() => Assert.Equal(
        ["a", "b", "c"],
        DocumentUses.In(JsonElement.Parse("""{"trigger":{"segment":"a"},"segment":{"not":"a name"},"steps":[{"paths":[{"when":{"all":[{"segment":"b"},{"not":{"segment":"c"}},{"event":"segment"}]}}]}]}"""), "segments").Select(named => named.Id).Order(StringComparer.Ordinal));

    private static IReadOnlyList<string> Ids(IEnumerable<int> leads) => [.. leads.Select(lead => Identity.User($"u{lead}").Hash()).Order(StringComparer.Ordinal)];

    private static async Task<IReadOnlyList<string>> MovedAsync(MembersTable members, DateOnly day, bool isIn)
    {
        var moved = new List<string>();
        await foreach (var one in members.MovedAsync("s", day, isIn, null, default))
        {
            moved.Add(one.LeadId);
        }

        return [.. moved.Order(StringComparer.Ordinal)];
    }

    private static LeadEffect Effect(int lead, EffectKind kind, int day, int stay = 1, int? version = 1) => new(
        $"{lead}/{kind}/{stay}", kind, Identity.User($"u{lead}").Hash(), Monday.AddDays(day), kind == EffectKind.SegmentLeft ? "s" : null, kind == EffectKind.SegmentEntered ? "s" : null,
        JsonSerializer.SerializeToElement(new SegmentMove("e", Monday, version, stay), SegmentsJson.Default.SegmentMove));
}
