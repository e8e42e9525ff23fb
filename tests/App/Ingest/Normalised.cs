using System.Buffers;
using System.Text;
using System.Text.Json;
using LeadFunctions.Access;
using LeadFunctions.Events;
using LeadFunctions.Events.Queueing;
using LeadFunctions.Ingest;
using LeadFunctions.Ingest.Reading;

namespace LeadFunctions.Tests.Ingest;

/// <summary>What the steps make of a body, without HTTP and without a queue.</summary>
internal sealed record Normalised(IReadOnlyList<string> Json, IReadOnlyList<Refusal> Refusals)
{
    public static readonly DateTimeOffset Now = new(2026, 11, 22, 0, 0, 0, TimeSpan.Zero);

    public static readonly Source Source = Source.Default with { EventsPerSecond = 0 };

    public IReadOnlyList<LeadEvent> Events => [.. Json.Select(json => JsonSerializer.Deserialize(json, EventsJson.Default.LeadEvent)!)];

    public LeadEvent Event => Assert.Single(Events);

    public Outcome Outcome => Assert.Single(Refusals).Outcome;

    public static RequestFacts Facts(Source? source = null) => new(source ?? Source, new Guid("0192f3a1000070008000000000000001"), Now);

    public static Normalised Of(string body, RequestFacts? facts = null)
    {
        using var read = Decode(Encoding.UTF8.GetBytes(body));
        Assert.Equal(Outcome.Accepted, read.Outcome);
        facts ??= Facts();
        if (read.Json.ValueKind == JsonValueKind.Object && read.Json.TryGetProperty("sentAt", out var sentAt))
        {
            facts = facts.WithSentAt(sentAt);
        }

        var batch = read.Json.ValueKind == JsonValueKind.Object && read.Json.TryGetProperty("batch", out var events) ? events : default;
        var buffer = EventBuffer.Rent();
        var refusals = Intake.Normalise(read.Json, batch, facts, buffer);
        var json = Enumerable.Range(0, buffer.Count).Select(i => Encoding.UTF8.GetString(buffer[i])).ToList();
        buffer.Return();
        return new Normalised(json, refusals);
    }

    public static IngestBody Decode(byte[] bytes, string contentEncoding = "")
    {
        var rented = ArrayPool<byte>.Shared.Rent(bytes.Length);
        bytes.CopyTo(rented, 0);
        return IngestBody.Decode(rented, bytes.Length, contentEncoding);
    }
}
