using Microsoft.AspNetCore.Http;

namespace LeadFunctions.Platform.Http;

/// <summary>A listing that ignored a misspelt filter would answer with everything, and look right.</summary>
internal static class KnownQuery
{
    /// <summary>A mistake for each parameter that is not among <paramref name="known"/>, and for each of those that is given twice or without a value.</summary>
    public static IEnumerable<FieldError> Check(IQueryCollection query, params string[] known) => Check(query, mayBeEmpty: null, known);

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
