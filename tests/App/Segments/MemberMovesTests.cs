using System.Text.Json;
using LeadFunctions.Events;
using LeadFunctions.Leads.State;
using LeadFunctions.Platform.Storage;
using LeadFunctions.Segments;
using LeadFunctions.Publications;
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
        var left = new List<MemberRow>();
        await foreach (var row in instances[0].ReadAsync("s", null, default))
        {
            left.Add(row);
        }

        Assert.Equal(26, left.Count); // days are no members
        Assert.Equal([new(day.AddDays(2), 0, 15)], await instances[0].MovesAsync("s", day.AddDays(2), default));
        Assert.Equal([new(day.AddDays(2), 0, 15)], await instances[0].MovesAsync("s", day, default)); // the days before are forgotten
    }

    [Fact]
    public void What_asks_for_a_segment_names_it_wherever_that_stands() => Assert.Equal(
        ["a", "b", "c"],
        DocumentUses.In(JsonElement.Parse("""{"trigger":{"segment":"a"},"segment":{"not":"a name"},"steps":[{"paths":[{"when":{"all":[{"segment":"b"},{"not":{"segment":"c"}},{"event":"segment"}]}}]}]}"""), "segments").Select(named => named.Id).Order(StringComparer.Ordinal));

    private static LeadEffect Effect(int lead, EffectKind kind, int day, int stay = 1) => new(
        $"{lead}/{kind}/{stay}", kind, Identity.User($"u{lead}").Hash(), Monday.AddDays(day), kind == EffectKind.SegmentLeft ? "s" : null, kind == EffectKind.SegmentEntered ? "s" : null,
        JsonSerializer.SerializeToElement(new SegmentMove("e", Monday, 1, stay), SegmentsJson.Default.SegmentMove));
}
