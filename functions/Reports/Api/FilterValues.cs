using LeadFunctions.Forms.Stored;
using LeadFunctions.Journeys.Runs;
using LeadFunctions.Lifecycle;
using LeadFunctions.Platform;
using LeadFunctions.Platform.Definitions;
using LeadFunctions.Platform.Http;
using LeadFunctions.Reports.Stored;
using LeadFunctions.Templates.Stored;

namespace LeadFunctions.Reports.Api;

/// <summary>
/// Tells a filter that nothing passed from one that nothing can pass: whoever misspells a journey is to hear of it, and not to go on with a zero. What was deleted since is known by what it did. Countries, campaigns
/// and whatever else is written freely may be the first of their kind tomorrow.
/// </summary>
public sealed class FilterValues(DefinitionsTable definitions, FactReader facts)
{
    private static readonly IReadOnlyDictionary<string, (string Kind, string Path)> Defined = new Dictionary<string, (string, string)>
    {
        [Dimensions.Journey] = (JourneyStore.Kind, "/api/journeys"),
        [Dimensions.Template] = (TemplateStore.Kind, "/api/templates"),
        [Dimensions.Form] = (FormStore.Kind, "/api/forms"),
    };

    private static readonly IReadOnlyDictionary<string, IReadOnlyList<string>> Fixed = new Dictionary<string, IReadOnlyList<string>>
    {
        [Dimensions.Stage] = Stages.All,
        [Dimensions.Grade] = ["A", "B", "C", "D", "F"],
    };

    /// <summary>The first that does not exist, as an answer; null: all may.</summary>
    /// <param name="where">Values by dimension; other names are passed over.</param>
    internal async Task<ProblemResult?> RefuseAsync(IEnumerable<KeyValuePair<string, string>> where, CancellationToken cancellationToken) =>
        await UnknownAsync(where, "", cancellationToken) is not [var first, ..] ? null
        : Defined.ContainsKey(first.Path) ? Problems.NotFound($"The {first.Path}", $"{first.Message} {first.Expected}.")
        : Problems.Invalid([first]);

    /// <summary>A mistake for each that does not exist, by its dimension.</summary>
    /// <param name="at">What stands before the dimension in the path of a mistake.</param>
    internal async Task<IReadOnlyList<FieldError>> UnknownAsync(IEnumerable<KeyValuePair<string, string>> where, string at, CancellationToken cancellationToken)
    {
        var unknown = new List<FieldError>();
        foreach (var (dimension, value) in where.Where(one => one.Value is not (Metrics.ReportQuery.Unknown or Metrics.Cost.Unallocated or Dimensions.NotNoted))) // rows that stand for no value
        {
            if (Fixed.TryGetValue(dimension, out var values) && !values.Contains(value))
            {
                unknown.Add(new(at + dimension, $"There is no {dimension} \"{value}\".", $"one of {string.Join(", ", values)}"));
            }
            else if (Defined.TryGetValue(dimension, out var defined) && !await ExistsAsync(defined.Kind, dimension, value, cancellationToken))
            {
                unknown.Add(new(at + dimension, $"There is no {dimension} \"{value}\", nor was there one that did anything.", $"GET {defined.Path} shows all"));
            }
        }

        return unknown;
    }

    /// <summary>Whoever sets a goal while the facts are read for the first time is believed.</summary>
    private async Task<bool> ExistsAsync(string kind, string dimension, string value, CancellationToken cancellationToken) =>
        await definitions.HasAsync(kind, value, cancellationToken) || await facts.FirstAsync(cancellationToken) is not null || await facts.ReadAsync(book => book.Says(dimension, value), cancellationToken);
}
