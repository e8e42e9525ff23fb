using LeadFunctions.Platform.Http;

namespace LeadFunctions.Audit;

/// <summary>What sort of thing somebody did.</summary>
public enum AuditKind
{
    /// <summary>Something was changed, or set going.</summary>
    Write,

    /// <summary>People's data left as a file.</summary>
    Export,

    /// <summary>People's data were shown.</summary>
    View,
}

/// <summary>One entry of the audit: who did what, when.</summary>
/// <param name="Id">Sorts newest first.</param>
/// <param name="At">By the app's clock, when it was done.</param>
/// <param name="By">Whose key it was.</param>
/// <param name="Action">The operation, as the API's description names it.</param>
/// <param name="Target">The address that was asked. What in it would name a person is left out: leads are there by their ids.</param>
/// <param name="LeadId">The lead that it was about; null when none, or many.</param>
/// <param name="Changes">What differs now; empty where what happens follows from an event (the lead's timeline has it), or nothing does.</param>
internal sealed record AuditEntry(string Id, DateTimeOffset At, AuditPerson By, AuditKind Kind, string Action, string Target, string? LeadId, IReadOnlyList<RequestChange> Changes);

/// <param name="Name">As the key was called then.</param>
internal sealed record AuditPerson(string KeyId, string Name);
