using System.Text.Json;
using LeadFunctions.Conditions;
using LeadFunctions.Conditions.Values;
using LeadFunctions.Events;
using LeadFunctions.Facts;
using LeadFunctions.Journeys.Model;
using LeadFunctions.Leads.State;
using LeadFunctions.Lifecycle;
using LeadFunctions.Messaging;

namespace LeadFunctions.Reports.Writing;

/// <summary>
/// Which facts a change of a lead makes: the difference of two states, and what the events say that were applied. The same change makes the same facts, so what is told twice counts once, and whoever
/// goes through a lead's timeline again finds those that were written with it.
/// </summary>
internal static class CommitFacts
{
    private const int MostText = 60;
    private const string PrivacyProxy = "privacyProxy"; // as Feedback.HitSignal is written
    private const string Imported = "import";

    private static readonly string[] InternalTraits = ["internal", "isInternal", "test", "isTest"];

    /// <param name="entries">What was applied, in order.</param>
    /// <param name="score">As of the commit; null where a timeline is gone through again: then nobody knows how the lead stood, and so what follows from that is left out.</param>
    /// <param name="now">When it is committed.</param>
    public static IReadOnlyList<Fact> Of(LeadState before, LeadState after, IReadOnlyList<TimelineEntry> entries, LeadScore? score, LeadRules rules, DateTimeOffset now)
    {
        if (entries.Count == 0)
        {
            return [];
        }

        List<Fact>? facts = null;
        Dictionary<string, string>? person = null;
        var grade = score is { } known ? known.Grade : rules.Scoring.Live?.Document.Fit is null ? null : Dimensions.NotNoted;
        if (score is not null && SnapshotOf(before, rules, now) is { } stood)
        {
            facts = [stood];
        }

        if (after.MergedInto is not null)
        {
            return facts ?? (IReadOnlyList<Fact>)[]; // what is frozen is nobody any more: the one that absorbs it tells
        }

        foreach (var entry in entries)
        {
            var at = entry.Event.At.ToUnixTimeMilliseconds();
            if ((entry.Event.LeadId is not null ? FactOf(entry, rules) : null) is var (kind, id, subject, number, values))
            {
                Add(kind, id, at, subject, number, values);
            }

            if (ActOf(entry.Event) is { } act)
            {
                Add(FactKind.Act, entry.Event.Id, at, null, null, [(Dimensions.Act, act), (Dimensions.Form, act == "form" ? FormOf(entry.Event) : null)]);
            }

            if (score is { } stands && entry.Event is { Type: EventType.Stage, LeadId: not null } moved && Text(moved, "cause") == "rule" && Text(moved, "stage") == Stages.Mql)
            {
                foreach (var rule in CrossingRule.Of(after, stands, Stages.Mql, Text(moved, "from") ?? Stages.Lead, rules, moved.At))
                {
                    Add(FactKind.Rule, $"{moved.Id}/{rule.Rule}", at, null, rule.Points, [(Dimensions.Rule, rule.Rule), (Dimensions.Needed, rule.IsNeeded ? "yes" : null)]);
                }
            }
        }

        if (score is not null && before.MergedInto is null)
        {
            foreach (var at in Reopenings.Of(before, after, entries, rules, now))
            {
                Add(FactKind.Reopened, $"again/{at}", at, null, null, []);
            }
        }

        if (!MayDiffer(before, after, entries))
        {
            return facts ?? (IReadOnlyList<Fact>)[];
        }

        // A part that was absorbed may have said otherwise of itself.
        if (IsInternal(after) is var isInternal && (isInternal != IsInternal(before) || (entries.Any(entry => entry.Changes?.Merged is not null) && InternalTraits.Any(path => after.Whole.Traits.SetAt(path) is not null))))
        {
            var at = Latest(entries);
            Add(FactKind.Internal, $"{at}/{entries[^1].Event.Id}", at, null, isInternal ? 1 : 0, []);
        }

        if (EligibleSince(after, rules) is { } since && EligibleSince(before, rules) is null)
        {
            var at = since > 0 ? since : Latest(entries);
            Add(FactKind.Eligible, $"{at}", at, null, null, [(Dimensions.Origin, IsImported(entries) ? Imported : Dimensions.Live)]);
        }

        return facts ?? (IReadOnlyList<Fact>)[];

        void Add(FactKind kind, string id, long at, string? subject, double? number, IReadOnlyList<(string Dimension, string? Value)> values)
        {
            facts ??= [];
            person ??= PersonOf(after.Whole, grade);
            var said = values.Count == 0 ? person : new Dictionary<string, string>(person);
            foreach (var (dimension, value) in values)
            {
                if (value is { Length: > 0 })
                {
                    said[dimension] = EventText.Cut(value, MostText);
                }
            }

            facts.Add(new Fact(Fact.IdOf(kind, after.Id, id), kind, after.Id, at, entries.Max(entry => entry.ReceivedAt).ToUnixTimeMilliseconds(), facts.Count, subject, number, said.Count == 0 ? null : said));
        }
    }

    /// <summary>How a lead stood as the month ended that it was changed in last; null: that is not over, nobody asks how it stood then, or it was nobody.</summary>
    /// <param name="before">As it has been since.</param>
    public static Fact? SnapshotOf(LeadState before, LeadRules rules, DateTimeOffset now)
    {
        if (before.MergedInto is not null || MonthEnd.Passed(before.ListingVersion, rules.Journeys.Zone, now) is not { } month || !IsNewSince(before, rules, month.Begin))
        {
            return null;
        }

        var stood = MonthEnd.Of(before, rules, month);
        var said = PersonOf(before.Whole, stood.Grade);
        if (stood.Model is { } model)
        {
            said[Dimensions.Model] = EventText.Cut(model, MostText);
        }

        return new Fact(Fact.IdOf(FactKind.Snapshot, before.Id, month.Key), FactKind.Snapshot, before.Id, month.End - 1, now.ToUnixTimeMilliseconds(), 0, null, stood.Engagement, said);
    }

    /// <summary>The same fact of somebody to whose address nothing is sent.</summary>
    public static Fact OfSuppressed(Fact fact) =>
        fact.Kind == FactKind.Eligible ? fact with { Values = new Dictionary<string, string>(fact.Values ?? new Dictionary<string, string>()) { [Dimensions.Suppressed] = "yes" } } : fact;

    private static (FactKind Kind, string Id, string? Subject, double? Number, IReadOnlyList<(string, string?)> Values)? FactOf(TimelineEntry entry, LeadRules rules)
    {
        var e = entry.Event;
        return e switch
        {
            { Type: EventType.Stage } when EventText.Of(e.Properties, "stage") is { } stage => (FactKind.Stage, e.Id, null, Number(e, "amount"),
                [(Dimensions.Stage, stage), (Dimensions.From, Text(e, "from")), (Dimensions.Outcome, Text(e, "outcome")), (Dimensions.Cause, CauseOf(e)), (Dimensions.Reason, ReasonOf(e, stage, rules)),
                    (Dimensions.Journey, Text(e, "journey")), (Dimensions.Currency, Text(e, "currency"))]),
            { Name: JourneyEvents.MessageSent, Type: EventType.Track } when SendOf(e) is { } send => (FactKind.Send, e.Id, send, null, Message(e)),
            { Name: MessageEvents.Bounced, Type: EventType.Track } when SendOf(e) is { } send && Text(e, "kind") != "soft" => (FactKind.Bounce, e.Id, send, null, []),
            { Name: MessageEvents.Opened or MessageEvents.Clicked, Type: EventType.Track } when SendOf(e) is { } send => (FactKind.Touch, e.Id, send, Number(e, "confidence"), Touch(e, "human")),
            { Name: MessageEvents.OpenedByMachine or MessageEvents.ClickedByMachine, Type: EventType.Track } when SendOf(e) is { } send => (FactKind.Touch, e.Id, send, Number(e, "confidence"), Touch(e, IsByProxy(e) ? "proxy" : "machine")),
            { Name: StageEvents.SlaMissed, Type: EventType.Track } => (FactKind.Overdue, e.Id, null, null, [(Dimensions.Stage, Text(e, "stage"))]),
            _ when entry.Changes?.Merged is { } merged => (FactKind.Merged, e.Id, merged, null, []),
            _ when entry.Changes?.Unmerged is { } unmerged => (FactKind.Unmerged, e.Id, unmerged, null, []),
            _ => null,
        };
    }

    /// <summary>Also what is told from outside: forms of other makers, what sales does elsewhere. Null: it is none.</summary>
    private static string? ActOf(LeadEvent e) => e is not { Type: EventType.Track } ? null : e.Name switch
    {
        JourneyEvents.FormSubmitted => "form",
        "Call Made" => "call",
        "Meeting Held" => "meeting",
        StageEvents.NoteAdded => "note",
        _ => null,
    };

    /// <summary>As forms are called; what somebody else wrote there may be about the person.</summary>
    private static string? FormOf(LeadEvent e) => Text(e, "form") is not { Length: > 0 } form ? null : form.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_') ? form : "other";

    /// <summary>Only how new leads stood is asked for; who took back what they had agreed to was new all the same.</summary>
    private static bool IsNewSince(LeadState before, LeadRules rules, long month) =>
        before.Whole.Email is not null && (EligibleSince(before, rules) is { } since ? since >= month || since == 0 : ((ILeadFacts)before.Whole).Answers.Any());

    private static IReadOnlyList<(string, string?)> Message(LeadEvent e) =>
        [(Dimensions.Channel, Text(e, "channel")), (Dimensions.Template, Text(e, "template")), (Dimensions.Topic, Text(e, "topic")), (Dimensions.Journey, Text(e, "journey")), (Dimensions.Step, Text(e, "step")),
            (Dimensions.Campaign, Text(e, "campaign"))];

    private static IReadOnlyList<(string, string?)> Touch(LeadEvent e, string by) =>
        [(Dimensions.Act, e.Name is MessageEvents.Opened or MessageEvents.OpenedByMachine ? "open" : "click"), (Dimensions.By, by)];

    /// <summary>One that loads whatever comes, so that its loading says nothing of the reader.</summary>
    private static bool IsByProxy(LeadEvent e) =>
        e.Properties.TryGetProperty("signals", out var signals) && signals.ValueKind == JsonValueKind.Array && signals.EnumerateArray().Any(signal => signal.ValueKind == JsonValueKind.String && signal.ValueEquals(PrivacyProxy));

    private static string CauseOf(LeadEvent e) => Text(e, "cause") ?? (Text(e, "journey") is null ? "person" : "journey");

    /// <summary>As the lifecycle lists them: what somebody wrote freely may be about the person.</summary>
    private static string? ReasonOf(LeadEvent e, string stage, LeadRules rules)
    {
        if (Text(e, "reason") is not { Length: > 0 } reason || CauseOf(e) == "rule")
        {
            return null;
        }

        var reasons = rules.Lifecycle.Document?.Reasons;
        return ((IReadOnlyList<string?>)[Text(e, "outcome"), stage]).Any(about => about is not null && reasons?.GetValueOrDefault(about)?.Contains(reason) == true) ? reason : "other";
    }

    /// <summary>Null: nobody may write to them. Else when what that takes was last said, Unix ms; 0 where that is not known.</summary>
    private static long? EligibleSince(LeadState state, LeadRules rules)
    {
        ILeadFacts lead = state.Whole;
        if (state.MergedInto is not null || state.Whole.Email is null || IsInternal(state))
        {
            return null;
        }

        var addressed = state.Whole.Traits.SetAt("email") ?? 0;
        long? agreed = null;
        foreach (var answer in lead.Answers)
        {
            if (answer.Said == Said.Yes && TopicOf(answer.Path) is { } topic && TopicConsent.Refuse(topic, "email", lead) is null)
            {
                agreed = Math.Min(agreed ?? long.MaxValue, answer.At);
            }
        }

        return agreed is { } at ? Math.Max(addressed, at)
            : !rules.Messages.NeedsConsent && TopicConsent.Refuse("marketing", "email", lead) is null ? addressed
            : null;
    }

    /// <summary>What an answer is about; null for being watched on a site, which is no leave to write.</summary>
    private static string? TopicOf(string path)
    {
        var topic = path.Split('.')[0];
        return topic.Equals("tracking", StringComparison.OrdinalIgnoreCase) || topic.Equals("analytics", StringComparison.OrdinalIgnoreCase) ? null : topic;
    }

    /// <summary>Most commits change nothing of who somebody is and what they agreed to: those are asked no more.</summary>
    private static bool MayDiffer(LeadState before, LeadState after, IReadOnlyList<TimelineEntry> entries) =>
        after.Own.Traits.IsChanged || after.Own.Traits.IsRenewed || after.Own.Identities.Count != before.Own.Identities.Count || entries.Any(entry => entry.Event.Type is EventType.Merge or EventType.Unmerge);

    /// <summary>Nobody did anything but a file that was read; whom a merge made eligible did something.</summary>
    private static bool IsImported(IReadOnlyList<TimelineEntry> entries) => entries.Any(entry => entry.Event.Source == Imported) && entries.All(entry => entry.Event.Source == Imported || entry.Event.LeadId is not null);

    private static bool IsInternal(LeadState state) => InternalTraits.Any(path => state.Whole.Traits.Find(path) is { Kind: ValueKind.True });

    private static Dictionary<string, string> PersonOf(LeadRecord whole, string? grade)
    {
        var person = new Dictionary<string, string>();
        foreach (var (dimension, value) in ((string, string?)[])
            [
                (Dimensions.Source, whole.Traits.Find($"{Origins.Prefix}source").Text), (Dimensions.FirstCampaign, whole.Traits.Find($"{Origins.Prefix}first.campaign").Text),
                (Dimensions.Country, whole.Traits.Find("country").Text ?? whole.Traits.Find("address.country").Text), (Dimensions.Owner, whole.Owner?.Contains('@') == true ? null : whole.Owner), (Dimensions.Grade, grade),
            ])
        {
            if (value?.Trim() is { Length: > 0 } text)
            {
                person[dimension] = EventText.Cut(text, MostText);
            }
        }

        return person;
    }

    private static long Latest(IReadOnlyList<TimelineEntry> entries) => entries.Max(entry => entry.Event.At).ToUnixTimeMilliseconds();

    /// <summary>What a send is called may say to whom it went.</summary>
    private static string? SendOf(LeadEvent e) => Text(e, "messageId") is { } send ? Fact.Hash(send) : null;

    private static string? Text(LeadEvent e, string name) => EventText.Of(e.Properties, name);

    private static double? Number(LeadEvent e, string name) =>
        e.Properties.ValueKind == JsonValueKind.Object && e.Properties.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number ? value.GetDouble() : null;
}
