namespace LeadFunctions.Feedback;

/// <summary>Names of the events that come of what comes back. All come from inside; their <c>messageId</c> is the send's.</summary>
internal static class ReturnEvents
{
    public const string Opened = "Message Opened";
    public const string Clicked = "Message Clicked";
    public const string OpenedByMachine = "Message Opened By Machine";
    public const string ClickedByMachine = "Message Clicked By Machine";
    public const string Bounced = "Message Bounced";
    public const string Complained = "Message Complained";
    public const string Unsubscribed = "Message Unsubscribed";

    public static readonly IReadOnlyList<string> Names = [Opened, Clicked, OpenedByMachine, ClickedByMachine, Bounced, Complained, Unsubscribed];
}
