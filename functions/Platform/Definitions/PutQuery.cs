using LeadFunctions.Platform.Http;
using Microsoft.AspNetCore.Http;

namespace LeadFunctions.Platform.Definitions;

/// <summary>What the address of a PUT of a versioned document may say beside where it is.</summary>
internal static class PutQuery
{
    public const string DryRun = "dryRun";
    private const string Note = "note";

    public static IReadOnlyList<FieldError> Faults(IQueryCollection query)
    {
        var faults = KnownQuery.Check(query, DryRun, Note).ToList();
        if (query.TryGetValue(DryRun, out var dry) && dry is [{ Length: > 0 }] && dry != "true")
        {
            faults.Add(new(DryRun, "This is no rehearsal.", "true, or nothing, to save"));
        }

        if (query[Note].ToString().Length > Authorship.MaxNote)
        {
            faults.Add(new(Note, "This note is too long.", $"at most {Authorship.MaxNote} characters"));
        }

        return faults;
    }

    /// <summary>Null where nobody is known to ask, as outside of management requests.</summary>
    public static Authorship? AuthorOf(HttpRequest request) =>
        Person.Of(request) is { } person ? new(person, request.Query[Note].ToString().Trim() is { Length: > 0 } note ? note : null) : null;
}
