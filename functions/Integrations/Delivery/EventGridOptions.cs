namespace LeadFunctions.Integrations.Delivery;

/// <summary>Settings under <c>LeadFunctions:EventGrid</c>.</summary>
public sealed class EventGridOptions
{
    /// <summary>Of the topic that is told everything; its input schema has to be CloudEvents 1.0. Empty for none.</summary>
    public string TopicEndpoint { get; set; } = "";

    /// <summary>The topic's access key; empty where the app's identity may send to it.</summary>
    public string Key { get; set; } = "";
}
