namespace LeadFunctions.Journeys.Model;

/// <summary>Names of events that the product itself sends and reads.</summary>
internal static class JourneyEvents
{
    public const string FormSubmitted = "Form Submitted";
    public const string MessageSent = "Message Sent";
    public const string SalesNotified = "Sales Notified";

    /// <summary>Somebody clicked in a content of the site; its property <c>content</c> says in which.</summary>
    public const string ContentClicked = "Content Clicked";

    /// <summary>Those that steps make: nobody may send one from outside.</summary>
    public static readonly IReadOnlyList<string> FromInside = [MessageSent, SalesNotified];
}
