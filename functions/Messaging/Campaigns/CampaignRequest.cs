using System.Text.Json;
using LeadFunctions.Conditions.Documents;
using LeadFunctions.Conditions.Values;
using LeadFunctions.Journeys.Documents;
using LeadFunctions.Segments;
using LeadFunctions.Templates;
using LeadFunctions.Templates.Liquid;

namespace LeadFunctions.Messaging.Campaigns;

/// <summary>Reads what somebody wants sent.</summary>
internal static class CampaignRequest
{
    internal const int MostLeadIds = 10_000;

    private const int MaxName = 200;
    private const int MaxVariants = 5;
    private const int MaxSubject = 1_000;

    private static readonly string[] Fields = ["name", "segment", "list", "leadIds", "channel", "template", "topic", "service", "at", "priority", "data", "test"];

    /// <summary>All mistakes at once; the document is null when there is one. Without <c>at</c> it begins at once.</summary>
    public static (CampaignDocument? Document, DateTimeOffset? At, IReadOnlyList<DocumentError> Errors) Parse(ReadOnlyMemory<byte> utf8) =>
        DocumentText.Read<(CampaignDocument?, DateTimeOffset?, IReadOnlyList<DocumentError>)>(
            utf8, json => DocumentText.Read<(CampaignDocument?, DateTimeOffset?, IReadOnlyList<DocumentError>)>(json, Read, error => (null, null, [error])), error => (null, null, [error]));

    private static (CampaignDocument?, DateTimeOffset?, IReadOnlyList<DocumentError>) Read(JsonElement json)
    {
        var errors = new List<DocumentError>();
        var root = new DocumentObject(json, "$", errors, Fields);
        var name = root.Text("name", MaxName, required: true);
        string[] whom = [.. new[] { "segment", "list", "leadIds" }.Where(root.Has)];
        if (root.IsClean && whom.Length != 1)
        {
            root.Add("$", whom.Length == 0 ? "This does not say to whom." : $"This has {string.Join(" and ", whom)}.", "one of segment, list, leadIds");
        }

        var segment = root.Text("segment", SegmentMembership.NameLimit) ?? root.Text("list", SegmentMembership.NameLimit);
        List<string>? leads = root.Has("leadIds") ? [.. LeadIds(root).Distinct(StringComparer.Ordinal)] : null;
        if (leads is [] && root.Members["leadIds"] is { ValueKind: JsonValueKind.Array } named && named.GetArrayLength() == 0)
        {
            root.Add("$.leadIds", "This names nobody.", "at least one lead's id");
        }

        var channel = root.Text("channel", 64) ?? Addresses.Mail;
        var test = root.Has("test") ? Test(new DocumentObject(root.Members["test"], "$.test", errors, ["variants", "share", "for", "winner"])) : null;
        var template = root.Text("template", 100, required: !root.Has("test"));
        if (test is not null && root.Has("template"))
        {
            root.Add("$.template", "A test has a template for each variant.", "the template in test.variants");
        }

        if (channel != Addresses.Mail && test?.Variants.Any(variant => variant.Subject is not null) == true)
        {
            root.Add("$.test.variants", $"A message by \"{channel}\" has no subject of its own.", "variants with different templates");
        }

        var service = root.Flag("service");
        if (service && root.Has("topic"))
        {
            root.Add("$.service", "What people agree to by a topic is no service.", "a topic, or \"service\": true");
        }

        var at = At(root);
        var document = new CampaignDocument(
            name ?? "", segment, leads, channel, template ?? test?.Variants[0].Template ?? "", root.Text("topic", 64),
            root.OneOf("priority", ["low", "normal", "high"]) switch { "low" => Priority.Low, "high" => Priority.High, _ => Priority.Normal },
            root.Has("data") ? root.Object("data") : null, test, service, root.Has("list"));
        return DocumentError.Grave(errors) > 0 ? (null, null, errors) : (document, at, errors);
    }

    private static IEnumerable<string> LeadIds(DocumentObject root)
    {
        foreach (var (json, path) in root.Items("leadIds", "a list of leads' ids", MostLeadIds))
        {
            if (json.ValueKind == JsonValueKind.String && Events.LeadIds.IsValid(json.GetString()!)) // it is text
            {
                yield return json.GetString()!;
            }
            else
            {
                root.Add(path, $"{DocumentObject.Shown(json)} is no lead's id.", "an id as GET /api/leads shows it");
            }
        }
    }

    private static CampaignTest? Test(DocumentObject reader)
    {
        var variants = new List<CampaignVariant>();
        foreach (var (json, path) in reader.Items("variants", "2 to 5 variants with name and template", MaxVariants, required: true))
        {
            var variant = new DocumentObject(json, path, reader.Errors, ["name", "template", "subject"]);
            if (variant.Text("name", 100, required: true) is { } name && variant.Text("template", 100, required: true) is { } template)
            {
                variants.Add(new(name, template, Subject(variant)));
            }
        }

        if (variants.GroupBy(variant => (variant.Template, variant.Subject)).Any(same => same.Count() > 1))
        {
            reader.Add(reader.At("variants"), "Two variants say the same.", "variants with different templates or subjects");
        }

        if (variants.Count < 2 || variants.DistinctBy(variant => variant.Name).Count() < variants.Count)
        {
            reader.Add(reader.At("variants"), "There is nothing to choose from.", "2 to 5 variants with different names");
        }

        var share = reader.Number("share", "percent of the recipients: 1 to 100", number => number is >= 1 and <= 100, required: true);
        var length = reader.Duration("for", required: true);
        var winner = reader.OneOf("winner", ["opens", "clicks"], required: true);
        return variants.Count >= 2 && share is { } percent && length is { } time && winner is not null ? new(variants, percent, time.Text, winner) : null;
    }

    private static string? Subject(DocumentObject variant)
    {
        if (variant.Text("subject", MaxSubject) is not { } source)
        {
            return null;
        }

        var (text, errors) = LiquidText.Parse(source);
        variant.Errors.AddRange(errors.Select(error => TemplateParser.Told(variant.At("subject"), error)));
        foreach (var path in (text?.Paths ?? []).Where(path => !TemplateDocument.InSubjects.Contains(path.Split('.')[0])))
        {
            variant.Add(variant.At("subject"), $"There is no variable \"{path}\" here.", $"one that begins with {string.Join(", ", TemplateDocument.InSubjects)}");
        }

        return source;
    }

    private static DateTimeOffset? At(DocumentObject root)
    {
        const string expected = "a time: \"2026-12-24T09:00:00Z\"";
        if (root.Find("at", expected) is not { } json)
        {
            return null;
        }

        if (json.ValueKind == JsonValueKind.String && Dates.TryRead(Scalar.Of(Value.From(json.GetString()!), stackalloc char[Scalar.NumberLength]), out var at))
        {
            return at;
        }

        root.Add("$.at", $"{DocumentObject.Shown(json)} is no time.", expected);
        return null;
    }
}
