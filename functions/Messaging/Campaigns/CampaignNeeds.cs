using LeadFunctions.Conditions.Documents;
using LeadFunctions.Journeys.Documents;
using LeadFunctions.Messaging.Sending;
using LeadFunctions.Platform.Definitions;
using LeadFunctions.Segments.Stored;
using LeadFunctions.Templates;
using LeadFunctions.Templates.Stored;

namespace LeadFunctions.Messaging.Campaigns;

/// <summary>What a campaign names has to be there when it is made, and still when it goes out: else it would fail message by message, or end with nobody and look as if it had been sent.</summary>
public sealed class CampaignNeeds(TemplateStore templates, DefinitionsTable definitions, MembersTable members)
{
    /// <summary>All that is amiss, by field.</summary>
    internal async Task<IReadOnlyList<DocumentError>> FaultsAsync(CampaignDocument document, CancellationToken cancellationToken)
    {
        var errors = new List<DocumentError>();
        foreach (var (path, id) in TemplatesOf(document))
        {
            var template = await templates.FindLiveAsync(id, cancellationToken);
            if (template is null)
            {
                errors.Add(new(path, $"There is no published template \"{id}\".", "a template that is published"));
            }
            else
            {
                errors.AddRange(TopicFaults(document, template));
                if (document.Channel == MailCarrier.Channel && template.Document.Kind != TemplateDocument.Email)
                {
                    errors.Add(new(path, $"The template \"{id}\" is a push message: it cannot be mailed.", "a template of the kind email, or another \"channel\": \"webpush\""));
                }
            }
        }

        if (!await IsKnownAsync(document, cancellationToken))
        {
            errors.Add(new("$.segment", $"There is no published segment \"{document.Segment}\", and nobody was put into a list of that name.", "a segment that is published; a list that is still to be filled is named in list"));
        }

        return errors;
    }

    /// <summary>What is allowed and probably not meant: mail about a topic with no way to unsubscribe. Of what is there: after <see cref="FaultsAsync"/>.</summary>
    internal IReadOnlyList<DocumentError> Warnings(CampaignDocument document) => document.Channel != MailCarrier.Channel ? [] :
    [
        .. from one in TemplatesOf(document)
           let topic = templates.TopicOf(one.Id, document.Topic)
           let languages = templates.WithoutWayOut(one.Id)
           where topic is not null && languages.Count > 0
           select MessagesWithoutWayOut.Of(one.Path, "The campaign", one.Id, topic, languages),
    ];

    /// <summary>Whether any of its templates is not published.</summary>
    internal async Task<string?> MissingTemplateAsync(CampaignDocument document, CancellationToken cancellationToken)
    {
        foreach (var (_, id) in TemplatesOf(document))
        {
            if (await templates.FindLiveAsync(id, cancellationToken) is null)
            {
                return $"There is no published template \"{id}\".";
            }
        }

        return null;
    }

    private static IEnumerable<(string Path, string Id)> TemplatesOf(CampaignDocument document) => document.Test is { } test
        ? test.Variants.Select((variant, i) => ($"$.test.variants[{i}].template", variant.Template))
        : [("$.template", document.Template)];

    /// <summary>Mail without a topic asks nobody for consent: that has to be meant, and said.</summary>
    private static IEnumerable<DocumentError> TopicFaults(CampaignDocument document, Template template)
    {
        if (document.IsService && template.Document.Topic is { } topic)
        {
            yield return new("$.service", $"The template \"{template.Id}\" is of the topic \"{topic}\".", "nothing, or a template without a topic");
        }
        else if (!document.IsService && document.Topic is null && template.Document.Topic is null)
        {
            yield return new("$.topic", $"Neither the campaign nor the template \"{template.Id}\" says what people have to have agreed to.", "a topic; or \"service\": true for what they need to know and cannot refuse");
        }
    }

    private async Task<bool> IsKnownAsync(CampaignDocument document, CancellationToken cancellationToken)
    {
        if (document.Segment is not { } segment || document.IsList
            || (DefinitionId.IsValid(segment) && await definitions.FindAsync(SegmentStore.Kind, segment, cancellationToken) is { Live: not null }))
        {
            return true;
        }

        await foreach (var _ in members.ReadAsync(segment, null, cancellationToken))
        {
            return true;
        }

        return false;
    }
}
