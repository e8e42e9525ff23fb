namespace LeadFunctions.Journeys.Model;

/// <summary>Names of events that the product itself sends and reads.</summary>
internal static class JourneyEvents
{
    public const string FormSubmitted = "Form Submitted";
    public const string MessageSent = "Message Sent";
    public const string SalesNotified = "Sales Notified";
}
