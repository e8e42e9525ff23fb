using System.Globalization;
using System.Text.Json.Serialization;
using LeadFunctions.Events;

namespace LeadFunctions.Reports;

/// <summary>What a fact is about. In storage and answers by these names.</summary>
internal enum FactKind
{
    /// <summary>Somebody became eligible for marketing: an address, and permission to write to it.</summary>
    Eligible,

    /// <summary>A lead came into a stage.</summary>
    Stage,

    /// <summary>Somebody who was not ready and had been silent showed interest again.</summary>
    Reopened,

    /// <summary>A message went out.</summary>
    Send,

    /// <summary>It came back for good.</summary>
    Bounce,

    /// <summary>Somebody, or a machine, opened a message or clicked in it.</summary>
    Touch,

    /// <summary>The fact's lead absorbed the one that it names.</summary>
    Merged,

    /// <summary>That was taken back.</summary>
    Unmerged,

    /// <summary>Whether the person is one of us, or made up for a test: they are in no report.</summary>
    Internal,

    /// <summary>Something else that brings a lead nearer: a form that was sent, a call, a meeting, a note.</summary>
    Act,

    /// <summary>A scoring rule's part in the points with which a lead came into a stage by itself, and whether it would have come there without.</summary>
    Rule,

    /// <summary>How a lead stood at the last instant of a month: its engagement and grade.</summary>
    Snapshot,

    /// <summary>A lead's time in a stage was over, and nobody had done anything.</summary>
    Overdue,
}

/// <summary>
/// One thing that reports count, kept for good: it names a lead by its id, and else holds nothing but codes, so that it may stay when the person is erased and the id is replaced by one that means nothing.
/// </summary>
/// <param name="Id">The same however often the fact is told: a hash of what makes it, so that it says nothing of whom it is about (<see cref="IdOf"/>).</param>
/// <param name="At">When it happened, by the event; Unix ms.</param>
/// <param name="ArrivedAt">When that was heard of; Unix ms.</param>
/// <param name="Order">Among the facts of one commit and one moment.</param>
/// <param name="Subject">The send, hashed likewise; or the lead that was absorbed.</param>
/// <param name="Number">An amount; of a touch how sure it is that a person did it.</param>
/// <param name="Values">By <see cref="Dimensions"/>.</param>
internal sealed record Fact(
    [property: JsonPropertyName("i")] string Id,
    [property: JsonPropertyName("k")] FactKind Kind,
    [property: JsonPropertyName("l")] string LeadId,
    [property: JsonPropertyName("t")] long At,
    [property: JsonPropertyName("r")] long ArrivedAt,
    [property: JsonPropertyName("n"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] int Order = 0,
    [property: JsonPropertyName("s")] string? Subject = null,
    [property: JsonPropertyName("v")] double? Number = null,
    [property: JsonPropertyName("d")] IReadOnlyDictionary<string, string>? Values = null)
{
    /// <summary>What makes two the same fact, also when the lead's id has been replaced in one.</summary>
    [JsonIgnore]
    public ulong Key => ulong.Parse(Id, NumberStyles.HexNumber, CultureInfo.InvariantCulture);

    /// <param name="cause">The event, or the moment.</param>
    public static string IdOf(FactKind kind, string leadId, string cause) => Hash($"{kind}|{leadId}|{cause}");

    public static string Hash(string text) => TextHash.Of(text).ToString("x16", CultureInfo.InvariantCulture);
}

[JsonSourceGenerationOptions(System.Text.Json.JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, RespectRequiredConstructorParameters = true, Converters = [typeof(FactKindNames)])]
[JsonSerializable(typeof(IReadOnlyList<Fact>))]
internal sealed partial class ReportsJson : JsonSerializerContext;

internal sealed class FactKindNames() : JsonStringEnumConverter<FactKind>(System.Text.Json.JsonNamingPolicy.CamelCase);
