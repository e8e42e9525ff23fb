using Microsoft.AspNetCore.Http;

namespace LeadFunctions.Platform.Definitions;

/// <summary>Who did something, as others are shown it.</summary>
/// <param name="Key">Tells two persons of one name apart.</param>
public sealed record Person(string Key, string Name)
{
    /// <summary>Who sent a request; null where nobody had to say.</summary>
    public static Person? Of(HttpRequest request) => request.HttpContext.Items[typeof(Person)] as Person;

    internal void AttachTo(HttpContext context) => context.Items[typeof(Person)] = this;
}

/// <summary>A version that somebody wants in effect.</summary>
/// <param name="Version">0: none, that is to say deleted.</param>
/// <param name="Over">What was in effect when it was proposed: once that is another, the proposal means nothing.</param>
/// <param name="IsQuiet">It is to start nothing by itself (<see cref="DefinitionPointer.QuietSince"/>): so it is put into effect, unless the second person says otherwise.</param>
public sealed record Proposal(int Version, string Over, Person By, DateTimeOffset At, bool IsQuiet = false);

/// <summary>What a second person made of a proposal.</summary>
/// <param name="Version">0: the document was to be deleted.</param>
/// <param name="Reason">Of one that was declined.</param>
public sealed record Decision(int Version, Person ProposedBy, DateTimeOffset ProposedAt, bool Approved, Person DecidedBy, DateTimeOffset DecidedAt, string? Reason = null);

/// <summary>
/// Publishing where two have to want it: the first who publishes a version proposes it, another who publishes the same one approves it. The same request is made by both, so that neither a proposal
/// nor an approval is a way into effect of its own, and a request that is repeated changes nothing.
/// </summary>
internal static class SecondPerson
{
    /// <summary>As a version: the document is to be deleted.</summary>
    public const int Deletion = 0;

    /// <summary>Decisions that are kept of a document.</summary>
    public const int Remembered = 50;

    /// <param name="over">What is in effect now.</param>
    /// <param name="isQuiet">As this person says; null: they say nothing of it.</param>
    /// <returns>The document with the proposal, which waits for another person; or with the decision, to be put into effect.</returns>
    public static (DefinitionPointer Pointer, bool IsApproved) Publish(DefinitionPointer pointer, int version, string over, Person by, DateTimeOffset now, bool? isQuiet = null)
    {
        if (pointer.Proposal is not { } proposal || proposal.Version != version || proposal.Over != over)
        {
            return (pointer with { Proposal = new(version, over, by, now, isQuiet ?? false), UpdatedAt = now }, false);
        }

        if (proposal.By.Key == by.Key)
        {
            return (isQuiet is { } said && said != proposal.IsQuiet ? pointer with { Proposal = proposal with { IsQuiet = said }, UpdatedAt = now } : pointer, false);
        }

        return (Decided(pointer, proposal, isApproved: true, by, now, null), true);
    }

    /// <summary>Anybody may: whoever proposed it takes it back.</summary>
    public static DefinitionPointer Decline(DefinitionPointer pointer, Proposal proposal, Person by, DateTimeOffset now, string? reason) => Decided(pointer, proposal, isApproved: false, by, now, reason);

    private static DefinitionPointer Decided(DefinitionPointer pointer, Proposal proposal, bool isApproved, Person by, DateTimeOffset now, string? reason) => pointer with
    {
        Proposal = null,
        UpdatedAt = now,
        Decisions = [.. pointer.Decisions.Prepend(new(proposal.Version, proposal.By, proposal.At, isApproved, by, now, reason)).Take(Remembered)],
    };
}
