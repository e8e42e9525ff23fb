using System.Text.Json;
using LeadFunctions.Conditions.Values;
using LeadFunctions.Events;

namespace LeadFunctions.Facts;

/// <summary>Refusals that hold from when two leads were parted: they come from no event of their own, so the history of consent tells them by the parting.</summary>
internal static class UnmergedAnswers
{
    /// <summary>What was refused while the two were one, with whoever is let go: a <see cref="TraitMap"/>.</summary>
    public const string Carried = "answers";

    /// <summary>What who stays had refused before: paths.</summary>
    public const string TakenBack = "refused";

    public static bool AreIn(LeadEvent e) => In(e).Any();

    /// <returns>The paths whose value changed.</returns>
    public static IReadOnlyList<string> Apply(TraitMap traits, LeadEvent e) =>
        [.. In(e).Where(path => traits.Set(path, Value.From(false), e.At.ToUnixTimeMilliseconds(), int.MaxValue))];

    private static IEnumerable<string> In(LeadEvent e)
    {
        if (e is not { LeadId: not null, Type: EventType.Unmerge, Properties.ValueKind: JsonValueKind.Object })
        {
            return [];
        }

        var carried = e.Properties.TryGetProperty(Carried, out var answers) && answers.ValueKind == JsonValueKind.Object ? answers.EnumerateObject().Select(answer => answer.Name) : [];
        var taken = e.Properties.TryGetProperty(TakenBack, out var paths) && paths.ValueKind == JsonValueKind.Array ? paths.EnumerateArray().Select(path => path.GetString()).OfType<string>() : [];
        return carried.Concat(taken).Where(TraitMap.IsAnswer);
    }
}
