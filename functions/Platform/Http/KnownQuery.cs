using Microsoft.AspNetCore.Http;

namespace LeadFunctions.Platform.Http;

/// <summary>A listing that ignored a misspelt filter would answer with everything, and look right.</summary>
internal static class KnownQuery
{
    /// <summary>A mistake for each parameter that is not among <paramref name="known"/>, and for each of those that is given twice or without a value.</summary>
    public static IEnumerable<FieldError> Check(IQueryCollection query, params string[] known) => Check(query, mayBeEmpty: null, known);

    /// <summary>Where it depends on what is asked for which parameters mean something: a mistake for each that is missing, and for each that says nothing.</summary>
    /// <param name="of">What is asked for.</param>
    /// <param name="missing">What would be expected of one that is missing.</param>
    /// <param name="all">Those that mean something of anything.</param>
    public static IEnumerable<FieldError> CheckOf(IQueryCollection query, string of, string missing, IReadOnlyList<string> all, IReadOnlyList<string> required, params IReadOnlyList<string> others) =>
    [
        .. required.Where(name => !query.ContainsKey(name)).Select(name => new FieldError(name, "This is missing.", missing)),
        .. all.Where(name => query.ContainsKey(name) && !required.Contains(name) && !others.Contains(name)).Select(name => new FieldError(name, $"This says nothing of \"{of}\".", "nothing")),
    ];

    /// <inheritdoc cref="Check(IQueryCollection, string[])"/>
    /// <param name="mayBeEmpty">One for which no value means something.</param>
    public static IEnumerable<FieldError> Check(IQueryCollection query, string? mayBeEmpty, string[] known)
    {
        foreach (var (name, values) in query)
        {
            if (!known.Contains(name, StringComparer.OrdinalIgnoreCase))
            {
                yield return new FieldError(name, "This parameter is not known.", "one of " + string.Join(", ", known));
            }
            else if (values is not [{ Length: > 0 }] && !(values.Count == 1 && name.Equals(mayBeEmpty, StringComparison.OrdinalIgnoreCase)))
            {
                yield return new FieldError(name, values.Count > 1 ? "This parameter is given more than once." : "This parameter has no value.", "one value, or leave it out");
            }
        }
    }
}
