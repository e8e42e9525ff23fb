using System.Text.Json;
using LeadFunctions.Conditions.Documents;
using LeadFunctions.Forms.Stored;
using LeadFunctions.Platform.Definitions;

namespace LeadFunctions.Forms.Api;

/// <summary>One version of a form with its document as it was sent, less the white space.</summary>
/// <param name="Live">The version that is shown; absent when none is published.</param>
/// <param name="Stats">Of all versions together; absent where a single one is asked for.</param>
/// <param name="Warnings">What works, and not well; absent when there is nothing.</param>
internal sealed record ShownForm(
    string Id, int Version, DefinitionState State, int? Live, int Latest, DateTimeOffset CreatedAt, JsonElement Document, FormStats? Stats, IReadOnlyList<DocumentError>? Warnings);

internal sealed record ListedForm(string Id, string Name, DefinitionState State, int? Live, int Latest, DateTimeOffset UpdatedAt);

/// <param name="Changed">False when this version was live already.</param>
internal sealed record PublishedForm(string Id, int Version, bool Changed);

/// <summary>What became of a form: up to five seconds old, and without what an instance had counted in the seconds before it was killed.</summary>
/// <param name="Shown">How often it was shown, on its page or in somebody's.</param>
/// <param name="Submitted">How often it was sent and taken.</param>
/// <param name="Invalid">How often something in it had to be looked at again.</param>
/// <param name="Confirmed">How often somebody confirmed.</param>
/// <param name="Spam">What was kept apart, by reason.</param>
internal sealed record FormStats(long Shown, long Submitted, long Invalid, long Confirmed, IReadOnlyDictionary<string, long> Spam)
{
    public static FormStats Of(IReadOnlyDictionary<string, long> counts) => new(
        counts.GetValueOrDefault(FormCounts.Shown), counts.GetValueOrDefault(FormCounts.Submitted), counts.GetValueOrDefault(FormCounts.Invalid), counts.GetValueOrDefault(FormCounts.Confirmed),
        counts.Where(count => count.Key.StartsWith(FormCounts.SpamPrefix, StringComparison.Ordinal)).ToDictionary(count => count.Key[FormCounts.SpamPrefix.Length..], count => count.Value));
}

/// <summary>What was kept apart.</summary>
/// <param name="Address">Of the sender, hashed: the same address has the same hash.</param>
/// <param name="Answers">As they were sent.</param>
/// <param name="Files">Those that came with it and that the form would take; absent when there are none.</param>
internal sealed record ListedSpam(
    string Id, SpamReason Reason, DateTimeOffset At, int Version, string? Page, string Address, IReadOnlyDictionary<string, IReadOnlyList<string>> Answers, IReadOnlyList<HeldFile>? Files)
{
    public static ListedSpam Of(KeptSpam spam) =>
        new(spam.Id, spam.Reason, spam.Sending.At, spam.Version, spam.Sending.Page, spam.Sending.Address, spam.Values, spam.Files.Count > 0 ? spam.Files : null);
}

/// <param name="Submission">Its events have ids that begin with <c>form/</c> and this.</param>
internal sealed record ReleasedForm(string Submission);
