using LeadFunctions.Platform.Definitions;
using Microsoft.AspNetCore.Http;

namespace LeadFunctions.Access;

/// <summary>What can be set to need a second person's approval before it is in effect.</summary>
public enum Approvable
{
    Lifecycle,
    ScoringModels,
    Segments,
    Journeys,
    Templates,
}

/// <summary>The setting.</summary>
/// <param name="For">What needs approval; empty: nothing does.</param>
/// <param name="ChangedBy">Who last set it; null as long as nobody has.</param>
public sealed record ApprovalSetting(IReadOnlyList<Approvable> For, string? ChangedBy = null);

/// <summary>Where two have to want a publication. It is read from storage each time: a setting that some instances know and others do not would be none.</summary>
public sealed class SecondPersons(DefinitionsTable table)
{
    internal const string Kind = "setting";
    internal const string Id = "approvals";

    /// <summary>Who asks, when a publication of this needs another to agree; null when it does not.</summary>
    public async Task<Person?> ForAsync(HttpRequest request, Approvable what, CancellationToken cancellationToken) =>
        (await ReadAsync(cancellationToken)).For.Contains(what) ? PersonOf(request) : null;

    /// <summary>A person is whoever holds an API key.</summary>
    public static Person PersonOf(HttpRequest request) => new(Caller.Of(request).KeyId, Caller.Of(request).Name);

    internal async Task<ApprovalSetting> ReadAsync(CancellationToken cancellationToken) =>
        (await table.FindLiveAsync(Kind, Id, cancellationToken))?.Read<ApprovalSetting>() ?? new([]);
}
