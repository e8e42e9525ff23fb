namespace LeadFunctions.Ingest.Reading;

/// <summary>What one request may weigh. Clients' own limits are not relied upon: some send more than they say.</summary>
internal static class IngestLimits
{
    /// <summary>Of a body, in bytes, compressed and unpacked.</summary>
    public const int Body = 500 * 1024;

    /// <summary>Of one event as it came, in bytes of JSON.</summary>
    public const int Event = 32 * 1024;

    /// <summary>Of a batch's context times its events, in bytes: a small body must not become hundreds of megabytes.</summary>
    public const int Repeated = 4 * 1024 * 1024;

    /// <summary>Of nested JSON, counted from the body's root.</summary>
    public const int Depth = 32;

    /// <summary>Of <c>userId</c>, <c>anonymousId</c>, <c>previousId</c>, <c>groupId</c> and an event's name, in characters.</summary>
    public const int Text = 200;

    /// <summary>Of <c>messageId</c>, in characters.</summary>
    public const int MessageId = 100;

    /// <summary>How many refusals, and how many remarks, an answer lists: a batch of garbage must not be answered with megabytes.</summary>
    public const int ListedRefusals = 100;

    /// <summary>Events that claim to be older are taken as happening on arrival.</summary>
    public const int Years = 10;
}
