using System.Text.Json;
using System.Text.Json.Nodes;
using LeadFunctions.Access;
using LeadFunctions.Conditions;
using LeadFunctions.Conditions.Values;

namespace LeadFunctions.Ingest.Reading;

internal static partial class ConsentTopics
{
    /// <summary>Who refuses advertising on a page is not to be written to either; who accepts it has not asked for mail.</summary>
    private static void HearAdvertising(JsonObject topics)
    {
        if (topics.TryGetPropertyValue(Source.Advertising, out var said) && TryRefusals(said, isRefusal: false, out var refused))
        {
            Merge(topics, Source.Marketing, JsonSerializer.SerializeToElement(refused));
        }
    }

    /// <summary>All in an answer that is no yes, in its place.</summary>
    private static bool TryRefusals(JsonNode? answer, bool isRefusal, out JsonNode? refused)
    {
        if (answer is not JsonObject { Count: > 0 } inside)
        {
            refused = answer?.DeepClone();
            return Consent.Read(Value.From(JsonSerializer.SerializeToElement(answer)), isRefusal) != Said.Yes;
        }

        var noes = New();
        foreach (var (name, value) in inside)
        {
            if (TryRefusals(value, isRefusal ^ (Consent.IsAnswer(name, out var isOne) && isOne), out var no))
            {
                noes[name] = no;
            }
        }

        refused = noes;
        return noes.Count > 0;
    }
}
