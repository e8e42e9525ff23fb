using System.Text.Json;
using System.Text.RegularExpressions;
using LeadFunctions.Platform.Http;

namespace LeadFunctions.Platform.Definitions;

/// <summary>What is known of a named document without reading it: which versions there are and which one counts.</summary>
/// <param name="Latest">The newest version, drafts included. Versions count from 1.</param>
/// <param name="Live">The version that is in effect; null when none is.</param>
/// <param name="Published">Every version that has ever been in effect, oldest first: what stored results may name.</param>
/// <param name="UpdatedAt">When any of this last changed.</param>
public sealed record DefinitionPointer(string Kind, string Id, int Latest, int? Live, IReadOnlyList<int> Published, DateTimeOffset UpdatedAt)
{
    /// <summary>A version that somebody wants in effect and a second person has not decided upon; null when none is.</summary>
    public Proposal? Proposal { get; init; }

    /// <summary>When the live version was put into effect quietly: what follows from that alone is not to start anything. Null: it was not.</summary>
    public DateTimeOffset? QuietSince { get; init; }

    /// <summary>What second persons decided, newest first; the older ones are forgotten (<see cref="SecondPerson.Remembered"/>).</summary>
    public IReadOnlyList<Decision> Decisions { get; init; } = [];

    /// <summary>Of documents with drafts: since when each version was in effect, oldest first; the older ones are forgotten (<see cref="MostEffects"/>), and the first that is known counts from the beginning.</summary>
    public IReadOnlyList<Effect> Effects { get; init; } = [];

    internal const int MostEffects = 200;

    /// <summary>The same, with another version in effect from then on.</summary>
    /// <param name="live">Null: none.</param>
    internal DefinitionPointer With(int? live, DateTimeOffset now) => this with
    {
        Live = live,
        UpdatedAt = now,
        Published = live is { } version && !Published.Contains(version) ? [.. Published, version] : Published,
        Effects = Live == live ? Effects : After(new(now, live)),
    };

    /// <summary>What was in effect before anybody wrote it down, or has been forgotten, counts from the beginning: else the time before would seem to have had nothing in effect.</summary>
    private IReadOnlyList<Effect> After(Effect next)
    {
        IReadOnlyList<Effect> known = Effects.Count == 0 && Live is not null ? [new(default, Live)] : Effects;
        return known.Count < MostEffects ? [.. known, next] : [known[^(MostEffects - 1)] with { Since = default }, .. known.TakeLast(MostEffects - 2), next];
    }

    /// <summary>Changes with every new version and every publication. With its quotes, as the header wants it.</summary>
    public string ETag => $"\"{Latest}.{Live ?? 0}.{Published.Count}\"";

    public DefinitionState StateOf(int version) => Live == version ? DefinitionState.Live : Published.Contains(version) ? DefinitionState.Retired : DefinitionState.Draft;
}

/// <param name="Version">Null: another document was put into effect instead, or none.</param>
public sealed record Effect(DateTimeOffset Since, int? Version = null);

public enum DefinitionState
{
    /// <summary>It comes with the app, and holds until another is published.</summary>
    BuiltIn,

    /// <summary>Never published.</summary>
    Draft,

    /// <summary>In effect.</summary>
    Live,

    /// <summary>Was live once, before another version: what is stored may still name it.</summary>
    Retired,
}

/// <summary>One version in a list of them.</summary>
/// <param name="By">Who saved it, by name; absent when the app did, or it was saved before this was kept.</param>
/// <param name="Note">What they said about it; absent when nothing.</param>
public sealed record ListedVersion(int Version, DefinitionState State, DateTimeOffset CreatedAt, string? By, string? Note);

/// <summary>Who saves a version, and what they say about it.</summary>
/// <param name="Note">At most <see cref="MaxNote"/> characters; null: nothing.</param>
public sealed record Authorship(Person By, string? Note = null)
{
    public const int MaxNote = 200;
}

/// <summary>One version of a document. Never changes once written.</summary>
public sealed record DefinitionVersion(string Kind, string Id, int Version, DateTimeOffset CreatedAt, string Json)
{
    /// <summary>Null when the app saved it by itself.</summary>
    public Authorship? Author { get; init; }

    public T Read<T>() => JsonSerializer.Deserialize<T>(Json, WebJson.Options)
        ?? throw new InvalidDataException($"{Kind} {Id}@{Version} is stored as null.");

    public JsonElement ToElement()
    {
        using var document = JsonDocument.Parse(Json);
        return document.RootElement.Clone();
    }
}

/// <summary>The outcome of a write.</summary>
/// <param name="IsNew">The document did not exist before.</param>
/// <param name="IsChanged">A version was added; false when the text equals the latest version's.</param>
public sealed record SavedDefinition(DefinitionPointer Pointer, bool IsNew, bool IsChanged);

/// <summary>The outcome of a publication.</summary>
/// <param name="IsChanged">False when just this was in effect already.</param>
/// <param name="Before">What was in effect and no longer is: the same document's former version, and with an exclusive publication the other documents.</param>
/// <param name="IsProposed">It is not in effect: a second person has to agree.</param>
public sealed record PublishedDefinition(DefinitionPointer Pointer, bool IsChanged, IReadOnlyList<(string Id, int Version)> Before, bool IsProposed = false);

/// <summary>The document was changed by someone else since the caller read it.</summary>
public sealed class DefinitionChangedException(string? currentETag) : Exception("The definition has changed since it was read.")
{
    public string? CurrentETag { get; } = currentETag;
}

public static class DefinitionText
{
    /// <summary>A document as it is stored: without the white space, so that reformatting it makes no new version.</summary>
    public static string Compact(ReadOnlyMemory<byte> utf8)
    {
        using var document = JsonDocument.Parse(utf8);
        return JsonSerializer.Serialize(document.RootElement, WebJson.Options);
    }
}

/// <summary>The names that documents may bear: they stand in URLs and row keys.</summary>
public static partial class DefinitionId
{
    public const string Rule = "1 to 64 characters a-z, 0-9, - and _, starting with a letter or digit";

    public static bool IsValid(string id) => Pattern().IsMatch(id);

    [GeneratedRegex("^[a-z0-9][a-z0-9_-]{0,63}\\z", RegexOptions.CultureInvariant)]
    private static partial Regex Pattern();
}
