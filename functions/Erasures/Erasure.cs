using System.Text.Json;
using System.Text.Json.Serialization;
using LeadFunctions.Leads.Erasing;

namespace LeadFunctions.Erasures;

public enum ErasureStatus
{
    /// <summary>Place by place.</summary>
    Erasing,

    /// <summary>Nothing is known any more. What was on its way at that moment is looked for once more.</summary>
    Checking,
    Done,
}

/// <summary>One erasure, as it is kept: while it is under way with whom it is about, afterwards without.</summary>
/// <param name="LeadId">As it was asked for; null once it is done.</param>
/// <param name="By">The key that asked for it.</param>
/// <param name="Step">The place to go on with.</param>
/// <param name="Look">How often all places were looked at.</param>
/// <param name="DueAt">When they are to be looked at again.</param>
/// <param name="Waits">Of this look: something could not be erased yet.</param>
internal sealed record ErasureState(
    string Id, string? LeadId, DateTimeOffset RequestedAt, string By, ErasureStatus Status = ErasureStatus.Erasing, int Step = 0, int Look = 0,
    DateTimeOffset? ErasedAt = null, DateTimeOffset? DueAt = null, DateTimeOffset? DoneAt = null, bool Waits = false)
{
    /// <summary>Whom it is about; null before they are found, and once it is done.</summary>
    public ErasedPerson? Person { get; init; }

    /// <summary>By chance: what the person's leads are called in figures follows from it, and nobody can tell any more once it is forgotten.</summary>
    public string? Salt { get; init; }

    /// <summary>How much there was, by place.</summary>
    public IReadOnlyDictionary<string, int> Removed { get; init; } = new Dictionary<string, int>();

    public ErasureState With(string place, int count) =>
        count == 0 ? this : this with { Removed = new Dictionary<string, int>(Removed) { [place] = Removed.GetValueOrDefault(place) + count } };
}

/// <summary>An erasure as the API shows it: it names nobody.</summary>
/// <param name="ErasedAt">From then on nothing is known.</param>
/// <param name="Removed">Rows, files and the like, by place.</param>
internal sealed record ShownErasure(string Id, ErasureStatus Status, DateTimeOffset RequestedAt, DateTimeOffset? ErasedAt, DateTimeOffset? DoneAt, IReadOnlyDictionary<string, int> Removed)
{
    public static ShownErasure Of(ErasureState erasure) => new(erasure.Id, erasure.Status, erasure.RequestedAt, erasure.ErasedAt, erasure.DoneAt, erasure.Removed);
}

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, UseStringEnumConverter = true)]
[JsonSerializable(typeof(ErasureState))]
internal sealed partial class ErasuresJson : JsonSerializerContext;
