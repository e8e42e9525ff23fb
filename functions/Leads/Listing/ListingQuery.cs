namespace LeadFunctions.Leads.Listing;

internal enum ListingOrder
{
    /// <summary>Highest first.</summary>
    Engagement,

    /// <summary>Latest first.</summary>
    LastSeen,

    /// <summary>From A on; who has no name is called by address, else by user id.</summary>
    Name,

    /// <summary>Who was first seen last comes first.</summary>
    Newest,
}

/// <param name="Filter">Whom it shows.</param>
internal sealed record ListingQuery(ListingFilter Filter, ListingOrder Order, int Limit)
{
    /// <summary>All known leads, in an order that what happens meanwhile changes least.</summary>
    public static ListingQuery Everybody(int limit) => new(ListingFilter.None, ListingOrder.Newest, limit);
}

/// <param name="Stage">Null for every stage; so for what follows.</param>
/// <param name="Owner">Empty: those of nobody.</param>
/// <param name="MinEngagement">As of <see cref="ListingPosition.AsOf"/>.</param>
/// <param name="Search">Beginnings of words.</param>
/// <param name="Company">A <see cref="CompanyKey"/>.</param>
/// <param name="Sends">Those with messages that stand so.</param>
/// <param name="Near">Those who lack little.</param>
internal sealed record ListingFilter(
    string? Stage = null, string? Segment = null, string? Owner = null, double? MinEngagement = null, ListingSearch? Search = null, string? Company = null, TroubledSends? Sends = null, NearStage? Near = null)
{
    public static readonly ListingFilter None = new();

    /// <summary>What depends on the page's time.</summary>
    public bool AdmitsAt(in ListingSlot slot, ListingNames names, long asOf, double cap) =>
        (MinEngagement is not { } least || slot.EngagementAt(asOf, cap) >= least)
        && (Sends is not { } sends || sends.Concerns(in slot, asOf))
        && (Near is not { } near || near.Has(in slot, names, asOf, cap));

    /// <summary>In the numbers of one list's names; null when nobody there can meet it.</summary>
    public Numbers? Within(ListingNames names)
    {
        var found = new Numbers(Find(Stage), Find(Segment), Owner is "" ? Numbers.Nobody : Find(Owner), Find(Company));
        return found is { Stage: -1 } or { Segment: -1 } or { Owner: -1 } or { Company: -1 } ? null : found;

        int Find(string? name) => name is null ? 0 : names.Find(name);
    }

    /// <summary>But for <see cref="AdmitsAt"/>.</summary>
    public bool Admits(in ListingSlot slot, in Numbers numbers) =>
        (numbers.Stage == 0 || slot.Stage == numbers.Stage)
        && (numbers.Owner == 0 || slot.Owner == numbers.Owner || (numbers.Owner == Numbers.Nobody && slot.Owner == 0))
        && (numbers.Company == 0 || slot.Company == numbers.Company)
        && (numbers.Segment == 0 || Array.IndexOf(slot.Segments, numbers.Segment) >= 0)
        && (Search is null || Search.Finds(new ListingTexts(slot.Texts)));

    /// <param name="Stage">0: any.</param>
    internal readonly record struct Numbers(int Stage, int Segment, int Owner, int Company)
    {
        /// <summary>As an owner.</summary>
        public const int Nobody = -2;
    }
}

/// <summary>Words of which each is to be the beginning of a word of the name or the company, or of the address or what follows its @.</summary>
internal sealed class ListingSearch
{
    public const int LengthLimit = 200;

    private readonly byte[][] _words;

    private ListingSearch(byte[][] words) => _words = words;

    /// <summary>Null when there is no word in it.</summary>
    public static ListingSearch? Of(string text)
    {
        var words = FoldedText.Words(text);
        return words.Length == 0 ? null : new(words);
    }

    public bool Finds(ListingTexts texts)
    {
        foreach (var word in _words)
        {
            var email = texts.Compared(ListingText.Email);
            if (!FoldedText.StartsWith(email, word)
                && !FoldedText.StartsWith(email[(email.LastIndexOf((byte)'@') + 1)..], word)
                && !FoldedText.AnyWordStartsWith(texts.Compared(ListingText.Name), word)
                && !FoldedText.AnyWordStartsWith(texts.Compared(ListingText.Company), word))
            {
                return false;
            }
        }

        return true;
    }
}

/// <summary>After which lead a page starts, and as of when scores are compared, so that decay between two pages moves nobody.</summary>
/// <param name="AsOf">Unix ms.</param>
/// <param name="Order">What <paramref name="Rank"/> is: a position of one order means nothing in another.</param>
/// <param name="Rank">Engagement, or when the lead was last or first seen in Unix ms; 0 in the order of names.</param>
/// <param name="Label">In the order of names, what the lead is called, as it is compared.</param>
internal sealed record ListingPosition(long AsOf, ListingOrder Order, double Rank, string LeadId, string? Label = null);
