namespace LeadFunctions.Feedback;

/// <summary>Somebody, or something, followed a link of a message or loaded its picture: what can be seen of that.</summary>
/// <param name="SinceSend">Since the message went out.</param>
/// <param name="IsHead">Only the head of the answer was asked for.</param>
/// <param name="IsPrefetch">The request says that nobody has asked for it yet.</param>
/// <param name="Agent">The user agent, empty for none.</param>
/// <param name="HasLanguage">The request says which language the reader wants.</param>
/// <param name="IsByHand">A browser says that a person did it.</param>
/// <param name="IsFromMachines">The address is in a range that the settings name.</param>
/// <param name="Seen">What was seen of the same message before, here.</param>
internal sealed record Hit(
    LinkKind Kind, TimeSpan SinceSend, string Agent, bool IsHead = false, bool IsPrefetch = false, bool HasLanguage = true, bool IsByHand = false, bool IsFromMachines = false, SendSeen? Seen = null,
    int Link = 0, int Links = 0);

/// <summary>Something that speaks for a person or for a machine. In events by these names.</summary>
internal enum HitSignal
{
    /// <summary>Within three seconds of the message's going out.</summary>
    Immediate,

    /// <summary>Within fifteen seconds.</summary>
    VerySoon,

    /// <summary>Within a minute.</summary>
    Soon,

    Head,
    Prefetch,

    /// <summary>It names itself a scanner of mail, a crawler, or a program's library.</summary>
    Scanner,

    NoAgent,

    /// <summary>A browser always says which language its reader wants.</summary>
    NoLanguage,

    /// <summary>From an address in one of the ranges that the settings name.</summary>
    MachineRange,

    /// <summary>It loads every picture of every mail as it arrives, whether anybody looks or not.</summary>
    PrivacyProxy,

    /// <summary>It loads pictures when somebody opens the mail.</summary>
    ImageProxy,

    /// <summary>The link that no person can see.</summary>
    Trap,

    /// <summary>That link was followed shortly before.</summary>
    AfterTrap,

    /// <summary>Several of the message's links within seconds.</summary>
    Burst,

    /// <summary>The browser says that a person did it.</summary>
    ByHand,
}

/// <param name="Confidence">That a person did it, from 0 to 1.</param>
internal sealed record Judgement(double Confidence, IReadOnlyList<HitSignal> Signals);
