using System.Diagnostics;
using System.Text.Json;
using LeadFunctions.Conditions;
using LeadFunctions.Events;
using LeadFunctions.Events.Queueing;
using LeadFunctions.Journeys.Delivery;
using LeadFunctions.Journeys.Model;
using LeadFunctions.Journeys.Rules;
using LeadFunctions.Lifecycle;
using LeadFunctions.Messaging;
using LeadFunctions.Messaging.Sending;
using LeadFunctions.Platform.Http;

namespace LeadFunctions.Journeys.Runs;

/// <summary>The steps that do something, as events for the lead and messages for people. Pure: who carries them out is the world's business.</summary>
internal static class Acts
{
    /// <summary>The message that a step sends; null when it sends none.</summary>
    public static OutgoingMessage? MessageOf(RunState run, PendingAct act, Step step, RunView view, DateTimeOffset now) => step switch
    {
        Step.Send send => new(
            act.Id, send.Channel, run.LeadId, Addresses.Of(send.Channel, view), $"Template \"{send.Template}\"", Plain(send, view),
            run.Journey, run.Version, run.Id, step.Id, act.Due, now, send.Template, send.Topic, Filled(send.Data, view)),
        Step.NotifySales sales => new(
            act.Id, OutgoingMessage.Sales, run.LeadId, "", $"Lead {view.Trait("email").Text ?? run.LeadId} is for you", Placeholders.Fill(sales.Reason ?? "A journey hands the lead over.", view.Find, view.At),
            run.Journey, run.Version, run.Id, step.Id, act.Due, now),
        _ => null,
    };

    /// <summary>The same with all that a template can be filled in with.</summary>
    public static Outbound OutboundOf(RunState run, PendingAct act, Step.Send send, RunView view, DateTimeOffset now)
    {
        var message = MessageOf(run, act, send, view, now)!; // such a step sends one
        var data = new Dictionary<string, JsonElement> { ["run"] = Json(new { run.Id, run.Journey }), ["saved"] = Json(run.Saved) };
        if (run.Trigger.ValueKind == JsonValueKind.Object)
        {
            data["trigger"] = run.Trigger;
        }

        if (message.Data is { } given)
        {
            data["data"] = given;
        }

        return new(message, view, view.At.Zone, data);
    }

    /// <summary>What the arbiter is asked about such a step.</summary>
    public static SendRequest RequestOf(RunState run, PendingAct act, Step.Send send) => new(
        act.Id, run.LeadId, send.Channel, send.Template, send.Topic, act.Due, send.Priority switch { "low" => Priority.Low, "high" => Priority.High, _ => Priority.Normal }, send.Urgent,
        run.Journey, run.Version, run.Id, send.Id, Hops: run.Hops);

    public static ActResult ResultOf(Step.Send send, SendResult result) => result switch
    {
        SendResult.Sent sent => new("sent", send.Template, sent.Remark),
        SendResult.Held held => new("deferred", send.Template, held.Reason, Until: held.Until),
        SendResult.Skipped skipped => new("not sent", send.Template, skipped.Reason),
        SendResult.Bounced bounced => new("bounced", send.Template, bounced.Reason),
        SendResult.Failed failed => new("failed", send.Template, failed.Reason),
        _ => throw new UnreachableException($"Nothing says what {result} means for a run."),
    };

    /// <summary>What a step other than a message makes known of the lead.</summary>
    public static IReadOnlyList<LeadEvent> EventsOf(RunState run, PendingAct act, Step step, RunView view, DateTimeOffset now)
    {
        var e = new LeadEvent { Id = act.Id, Type = EventType.Track, Name = "", At = now, LeadId = run.LeadId, Source = LeadEvent.Inside, Hops = run.Hops + 1 };
        var from = new { journey = run.Journey, version = run.Version, run = run.Id, step = step.Id };
        return step switch
        {
            Step.SetTraits traits => [After(Paths(traits.Traits, ""), e with { Type = EventType.Identify, Name = "identify", Traits = WithAddress(Placeholders.Fill(traits.Traits, view.Find, view.At)) })],
            Step.AddPoints points => [e with { Type = EventType.Points, Name = "points", Properties = Json(new { points.Points, points.Reason, from.journey, from.step }) }],
            Step.ChangeList list => [After([ProfileFacts.Segment + list.List], e with { Type = EventType.Segment, Name = "segment", Properties = Json(new { segment = list.List, member = list.Adds, from.journey, from.step }) })],
            Step.SetStage stage => [After([Stages.Path], e with { Type = EventType.Stage, Name = "stage", Properties = Json(new { stage.Stage, From = view.Trait(Stages.Path).Text, Cause = "journey", stage.Reason, from.journey, from.step }) })],
            Step.NotifySales sales => [e with { Name = JourneyEvents.SalesNotified, Properties = Json(new { sales.Reason, from.journey, from.version, from.run, from.step }) }],
            Step.Track track => [e with { Name = track.Event, Properties = track.Properties.ValueKind == JsonValueKind.Undefined ? Json(from) : Placeholders.Fill(track.Properties, view.Find, view.At) }],
            Step.StartJourney start => [e with
            {
                Type = EventType.Journey,
                Name = RunOrder.Start,
                Properties = JsonSerializer.SerializeToElement(
                    new RunOrder(Journey: start.Journey, Key: act.Id, Data: start.Data.ValueKind == JsonValueKind.Undefined ? null : Placeholders.Fill(start.Data, view.Find, view.At), Reason: $"The step \"{step.Id}\" of {run.Journey}."),
                    JourneysJson.Default.RunOrder),
            }],
            _ => throw new UnreachableException($"Nothing says what the step \"{step.Type}\" does to a lead."),
        };

        // The step saw the lead as it was: what it sets comes after what stands, also within one millisecond, where of two values the greater would win.
        LeadEvent After(IEnumerable<string> paths, LeadEvent set) =>
            paths.Select(view.SetAt).Max() is { } standing && standing >= now.ToUnixTimeMilliseconds() ? set with { At = DateTimeOffset.FromUnixTimeMilliseconds(standing + 1) } : set;
    }

    /// <summary>An address has one form, whoever says it: a step's is brought to it as one at the front door is.</summary>
    private static JsonElement WithAddress(JsonElement traits)
    {
        if (Identity.EmailIn(traits) is not { } email)
        {
            return traits;
        }

        var all = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        foreach (var trait in traits.EnumerateObject())
        {
            all[trait.Name] = trait.NameEquals("email"u8) ? Json(email) : trait.Value;
        }

        return JsonSerializer.SerializeToElement(all);
    }

    /// <summary>Of the leaves of an object, as traits are named.</summary>
    private static IEnumerable<string> Paths(JsonElement traits, string prefix) => traits.ValueKind != JsonValueKind.Object
        ? [prefix]
        : traits.EnumerateObject().SelectMany(trait => Paths(trait.Value, prefix.Length == 0 ? trait.Name : $"{prefix}.{trait.Name}"));

    public static ActResult ResultOf(Step step) => step switch
    {
        Step.NotifySales sales => new("done", null, sales.Reason),
        Step.AddPoints points => new("done", $"{points.Points:+0.##;-0.##}", points.Reason),
        Step.ChangeList list => new("done", list.List),
        Step.SetStage stage => new("done", stage.Stage, stage.Reason),
        Step.Track track => new("done", track.Event),
        Step.StartJourney start => new("done", start.Journey),
        _ => new("done"),
    };

    /// <summary>An event that no queue message holds could be applied, and then nothing that it causes could go on its way: it fails the step, at every try.</summary>
    public static string? FaultOf(IReadOnlyList<LeadEvent> events)
    {
        var buffer = EventBuffer.Rent();
        var fits = events.All(buffer.TryAdd);
        buffer.Return();
        return fits ? null : "Filled in, it is larger than an event may be.";
    }

    /// <summary>What becomes of a step that cannot be done, whenever it is tried. What sales was told it was told.</summary>
    public static ActResult Failed(Step step, string reason) => step is Step.NotifySales
        ? ResultOf(step) with { Reason = $"It went out, but the lead cannot take it down: {reason}" }
        : ResultOf(step) with { What = "failed", Reason = reason };

    private static string Plain(Step.Send send, RunView view)
    {
        var name = view.Trait("firstName").Text ?? view.Trait("name").Text;
        var data = Filled(send.Data, view) is { } filled ? "\n\n" + JsonSerializer.Serialize(filled) : "";
        return $"Hello{(name is null ? "" : " " + name)},\n\nthis stands for the template \"{send.Template}\"{(send.Topic is null ? "" : $" of the topic \"{send.Topic}\"")}.{data}";
    }

    private static JsonElement? Filled(JsonElement data, RunView view) => data.ValueKind == JsonValueKind.Undefined ? null : Placeholders.Fill(data, view.Find, view.At);

    private static JsonElement Json<T>(T value) => JsonSerializer.SerializeToElement(value, WebJson.Options);
}
