using LeadFunctions.Journeys.Model;

namespace LeadFunctions.Messaging;

/// <summary>Names of events about messages to a lead. All come from inside; their <c>messageId</c> is the send's.</summary>
internal static class MessageEvents
{
    public const string Sent = JourneyEvents.MessageSent;
    public const string Opened = "Message Opened";
    public const string Clicked = "Message Clicked";
    public const string OpenedByMachine = "Message Opened By Machine";
    public const string ClickedByMachine = "Message Clicked By Machine";
    public const string Bounced = "Message Bounced";
    public const string Complained = "Message Complained";
    public const string Unsubscribed = "Message Unsubscribed";

    /// <summary>Whoever clicked in a message is in this browser.</summary>
    public const string BrowserLinked = "Browser Linked";

    /// <summary>Of the type <c>message</c>: somebody asks whether a message may go out.</summary>
    public const string Asked = "message asked";

    /// <summary>Likewise: one that had begun to go out has not.</summary>
    public const string NotSent = "message not sent";

    public static readonly IReadOnlyList<string> Names = [Sent, Opened, Clicked, OpenedByMachine, ClickedByMachine, Bounced, Complained, Unsubscribed, BrowserLinked, Asked, NotSent, "message"];
}
