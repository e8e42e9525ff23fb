using System.Text.Json;
using System.Text.RegularExpressions;
using LeadFunctions.Conditions;
using LeadFunctions.Conditions.Documents;

namespace LeadFunctions.Interests;

/// <summary>Reads <c>"interests"</c> of a scoring model, collecting every mistake.</summary>
internal sealed partial class InterestParser(List<DocumentError> errors)
{
    public const int MostDimensions = 5;
    private const int MostSources = 20;
    private const int MostNames = 50;
    private const int MaxNameLength = 200;
    private const double MostWeight = 1000;

    public InterestRules Parse(DocumentObject model)
    {
        if (model.Find("interests", "an object") is not { } json)
        {
            return InterestRules.Default;
        }

        var interests = new DocumentObject(json, model.At("interests"), errors, ["halfLife", "dimensions"]);
        var halfLife = interests.Duration("halfLife")?.Length ?? InterestRules.Default.HalfLife;
        if (interests.Find("dimensions", "an object") is not { } given)
        {
            return new(halfLife, InterestRules.Default.Dimensions);
        }

        var all = new DocumentObject(given, interests.At("dimensions"), errors, null);
        if (all.Members.Count > MostDimensions)
        {
            all.Add(all.Path, $"There are {all.Members.Count} dimensions.", $"at most {MostDimensions}");
        }

        return new(halfLife, [.. all.Members.Keys.Select(name => Dimension(all, name))]);
    }

    private InterestDimension Dimension(DocumentObject all, string name)
    {
        if (!NamePattern.IsMatch(name))
        {
            all.Add(all.At(name), "This is not a dimension's name.", "1 to 64 letters, digits, \".\", \"_\" and \"-\", the first a letter or digit");
        }

        var sources = new List<InterestSource>();
        foreach (var (json, path) in all.Items(name, "a list of sources", MostSources))
        {
            var source = new DocumentObject(json, path, errors, ["event", "property", "weight"]);
            var (events, properties) = (Names(source, "event", "an event's name"), Names(source, "property", "a property's path"));
            sources.Add(new(events, [.. properties.Select(property => new PropertyPath(property))], source.Number("weight", "a number above 0, up to 1000", number => number is > 0 and <= MostWeight) ?? 1));
        }

        if (all.Members[name] is { ValueKind: JsonValueKind.Array } list && list.GetArrayLength() == 0)
        {
            all.Add(all.At(name), "This dimension has no sources.", "at least one, or no dimension");
        }

        return new(name, sources);
    }

    private static List<string> Names(DocumentObject source, string field, string expected)
    {
        if (!source.Has(field) || source.Members[field].ValueKind != JsonValueKind.Array)
        {
            return source.Text(field, MaxNameLength, required: true) is { } one ? [one] : [];
        }

        var names = new List<string>();
        foreach (var (json, path) in source.Items(field, expected, MostNames))
        {
            if (json.ValueKind == JsonValueKind.String && json.GetString() is { Length: > 0 and <= MaxNameLength } name)
            {
                names.Add(name);
            }
            else
            {
                source.Add(path, $"This is {DocumentObject.Shown(json)}.", $"{expected} of 1 to {MaxNameLength} characters");
            }
        }

        if (source.Members[field].GetArrayLength() == 0)
        {
            source.Add(source.At(field), "This list is empty.", expected);
        }

        return names;
    }

    [GeneratedRegex(@"\A[A-Za-z0-9][A-Za-z0-9._-]{0,63}\z")]
    private static partial Regex NamePattern { get; }
}
