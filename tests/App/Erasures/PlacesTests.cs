using System.Text.Json;
using LeadFunctions.Erasures;
using LeadFunctions.Events;
using LeadFunctions.Events.Poison;
using LeadFunctions.Exports;
using LeadFunctions.Leads.Erasing;
using LeadFunctions.Leads.State;
using LeadFunctions.Platform.Storage;
using static LeadFunctions.Tests.Leads.LeadEvents;

namespace LeadFunctions.Tests.Erasures;

public sealed class PlacesTests
{
    // What holds nothing of a person, and why. Whoever adds a table says which it is.
    internal static readonly Dictionary<string, string> Excused = new()
    {
        ["Audit"] = "Names leads by their ids, and by nothing else.",
        ["Campaigns"] = "Names recipients by their leads' ids, which lead nowhere any more.",
        ["CarrierTokens"] = "Holds hashes of tokens and reports.",
        ["Clock"] = "Holds what time it is, and which runs are owed an advance.",
        ["Definitions"] = "Holds what marketers write.",
        ["Erasures"] = "Forgets whom it was about when it is done.",
        ["FeedbackKeys"] = "Holds keys.",
        ["Meters"] = "Counts events by source and requests by service, and names nobody.",
        ["SeenNames"] = "Counts names of events, properties and traits, without values, and leaves out what looks like somebody's data (ADR 50).",
        ["SendingDays"] = "Counts messages by day.",
    };

    /// <summary>To be listed: they have nothing to look at.</summary>
    internal static IReadOnlyList<Place> All { get; } =
        new Places(null!, null!, null!, null!, null!, null!, null!, null!, null!, null!, null!, null!, null!, null!, null!, null!, null!, null!, null!, null!).All;

    private static readonly ErasedPerson Ann = new("lead-ann", ["lead-ann", "lead-part"], ["u:ann", "e:ann@example.com", "a:browser"], ["ann@example.com"], ["+48 555"]);

    [Fact]
    public void Every_table_and_container_is_looked_at_or_holds_nothing_of_a_person()
    {
        var all = new[] { "tables", "containers" }.SelectMany(kind => Repository.Read("infra/storage.bicep").Split($"var {kind} = [")[1].Split(']')[0].Split('\n').Select(line => line.Trim().Trim('\'')).Where(line => line.Length > 0));
        var looked = All.SelectMany(place => place.Stored).Distinct();

        Assert.Equal(all.Order(StringComparer.Ordinal), looked.Concat(Excused.Keys).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Every_place_that_an_erasure_empties_is_told_of_in_an_export_or_repeats_what_is()
    {
        var told = new PersonPlaces(null!, null!, null!, null!, null!, null!, null!, null!, null!).All.Select(place => place.Name); // only listed

        Assert.Equal(All.Select(place => place.Name).Order(StringComparer.Ordinal), told.Concat(PersonPlaces.Repeated.Keys).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_dead_letter_loses_what_is_the_persons_and_keeps_what_is_others()
    {
        LeadEvent hers = Track("1", "x", 1, "ann"), byBrowser = Track("2", "x", 1, null, "browser"), inside = Track("3", "x", 1) with { LeadId = "lead-part" }, his = Track("4", "x", 1, "bob");
        var shared = QueueText.Write(new EventBatch("b", Start, [hers, his, byBrowser, inside]), EventsJson.Default.EventBatch);

        Assert.Equal(["4"], QueueText.Read(Without(Queues.LeadEvents, shared)!, EventsJson.Default.EventBatch).Events.Select(e => e.Id)); // his is left
        Assert.Null(Without(Queues.LeadEvents, QueueText.Write(new EventBatch("b", Start, [hers]), EventsJson.Default.EventBatch)));
        Assert.Null(LettersWithout.Of(Ann, Letter(Queues.LeadEvents, DeadLetterKind.Event), JsonSerializer.Serialize(hers, EventsJson.Default.LeadEvent)));
        Same(Queues.LeadEvents, QueueText.Write(new EventBatch("b", Start, [his]), EventsJson.Default.EventBatch));

        var effects = QueueText.Write(new EffectBatch([new("lead-ann.1", EffectKind.NoteAdded, "lead-ann", Start), new("lead-bob.1", EffectKind.NoteAdded, "lead-bob", Start)]), EffectsJson.Default.EffectBatch);
        Assert.Equal("lead-bob", Assert.Single(QueueText.Read(Without(Queues.LeadEffects, effects)!, EffectsJson.Default.EffectBatch).Effects).LeadId);
        Assert.Equal(["1", "2", "3"], LettersWithout.Theirs(Ann, Letter(Queues.LeadEvents, DeadLetterKind.Message), QueueText.Write(new EventBatch("b", Start, [hers, his, byBrowser, inside]), EventsJson.Default.EventBatch))!.AsArray().Select(e => e!["id"]!.GetValue<string>())); // each has one
        Assert.Equal("lead-ann", Assert.Single(LettersWithout.Theirs(Ann, Letter(Queues.LeadEffects, DeadLetterKind.Message), effects)!.AsArray())!["leadId"]!.GetValue<string>()); // it has one
        Assert.Null(LettersWithout.Theirs(Ann, Letter(Queues.LeadEvents, DeadLetterKind.Message), "not JSON, of bob@example.com"));
        Assert.Null(Without(Queues.LeadEvents, "not JSON, of ann@example.com"));
        Same(Queues.LeadEvents, "not JSON, of bob@example.com");
    }

    [Fact]
    public void Whatever_somebody_writes_into_a_form_or_a_file_is_recognised_as_a_whole()
    {
        Assert.True(Ann.HasValue(" Ann@Example.com ") && Ann.HasValue("ann") && Ann.HasValue("+48 555"));
        Assert.False(Ann.HasValue("annabel") || Ann.HasValue("joann@example.com") || Ann.HasValue(""));
        Assert.True(Ann.HasBrowser("browser") && !Ann.HasBrowser(null) && !Ann.HasAddress(null));
    }

    private static string? Without(string queue, string text) => LettersWithout.Of(Ann, Letter(queue, DeadLetterKind.Message), text);

    private static void Same(string queue, string text) => Assert.Same(text, Without(queue, text));

    private static DeadLetter Letter(string queue, DeadLetterKind kind) => new("id", kind, queue, "why", Start, 1, 1);
}
