namespace LeadFunctions.Feedback;

/// <summary>What somebody did who came by a link. Stored in every link that ever went out: the numbers stay.</summary>
internal enum LinkKind : byte
{
    /// <summary>Loaded the picture that nobody sees.</summary>
    Open = 1,

    Click = 2,

    /// <summary>Followed the link that no person can see.</summary>
    Trap = 3,

    Unsubscribe = 4,

    Preferences = 5,

    /// <summary>Came to a page by a click, as a person: for minutes, and for nothing but to say whose browser it is.</summary>
    Browser = 6,

    /// <summary>Wanted to see the message in the browser.</summary>
    View = 7,
}

/// <summary>What a link in a message stands for. It names nobody but by the lead's id.</summary>
/// <param name="SendId">Of the message that it stands in.</param>
/// <param name="SentAt">To the second.</param>
/// <param name="Link">Of a click: which of the message's links, from 1.</param>
/// <param name="Links">How many the message has.</param>
/// <param name="Url">Of a click: where it leads. Of a view: which version of which template was sent.</param>
internal sealed record LinkToken(LinkKind Kind, string LeadId, string SendId, DateTimeOffset SentAt, string Channel, string? Topic = null, int Link = 0, int Links = 0, string? Url = null);

/// <summary>Why a token is none.</summary>
internal enum TokenFault
{
    None,

    /// <summary>Nobody here has signed it, or it was altered.</summary>
    Forged,

    /// <summary>It names a key that is not among those at hand.</summary>
    UnknownKey,

    /// <summary>Its key counts no more.</summary>
    Expired,
}

/// <param name="Token">Null when there is a fault.</param>
internal readonly record struct TokenReading(LinkToken? Token, TokenFault Fault);
