namespace LeadFunctions.Access;

/// <summary>Where events come from: a site, an app, a server. Addressed by its write keys.</summary>
/// <param name="AllowedOrigins">Browser origins that may post (<c>https://shop.example</c>); <c>https://*.shop.example</c> allows all below one, <c>*</c> all. Requests without an Origin header are not restricted by it.</param>
/// <param name="EventsPerSecond">Above this rate an instance of the app answers 429; 0 is no limit.</param>
/// <param name="RespectPrivacySignals">Drop events of browsers that send Do Not Track or Global Privacy Control.</param>
/// <param name="DropBots">Drop events whose user agent names a crawler.</param>
/// <param name="ConsentCategories">What the categories of the site's consent banner stand for: <c>tracking</c> decides whether events are stored, any other is the topic of messages; of <see cref="Advertising"/> only a no is heard for mail. A category that is not named stands for itself.</param>
/// <param name="NobodyIds">User and anonymous ids that broken clients send for "nobody", whatever their case, and in brackets or quotes too; they are not taken for identities.</param>
/// <param name="AcceptUserIds">It may say by user id whom an event is about. A write key in a web page is public: where this matters, only the sources of servers should.</param>
/// <param name="AcceptAddresses">Its <c>identify</c> may say by e-mail address whom it is about. Where it may not, the address is a trait like any other.</param>
/// <param name="MergeByAlias">Its <c>alias</c> may make one of two people who are both known. For sources whose key nobody else has; of any other, <c>previousId</c> names a browser.</param>
/// <param name="IsServer">Only servers have its keys. The traits <c>email</c> and <c>phone</c> that it has said of somebody no other source overwrites.</param>
public sealed record Source(
    string Id,
    string Name,
    IReadOnlyList<string> AllowedOrigins,
    int EventsPerSecond,
    bool RespectPrivacySignals,
    bool DropBots,
    IReadOnlyDictionary<string, string> ConsentCategories,
    IReadOnlyList<string> NobodyIds,
    bool AcceptUserIds,
    bool MergeByAlias,
    bool IsServer = false,
    bool AcceptAddresses = true)
{
    public const string DefaultId = "default";

    /// <summary>Those who work here: no source of anybody's.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public bool IsPeople { get; init; }

    /// <summary>What banners ask about advertising. A no to it is one to <c>marketing</c> as well; a yes is to be shown advertisements, and asks for no mail.</summary>
    public const string Advertising = "advertising";

    /// <summary>The topic of all mail that is none of its own: a yes to it agrees to any.</summary>
    public const string Marketing = "marketing";

    // As the common banners name them; C0002 and C0004 are what OneTrust numbers them, the rest Google's consent mode.
    private static readonly Dictionary<string, string> UsualCategories = new()
    {
        ["analytics"] = "tracking",
        ["performance"] = "tracking",
        ["statistics"] = "tracking",
        ["measurement"] = "tracking",
        ["C0002"] = "tracking",
        ["analytics_storage"] = "tracking",
        [Advertising] = Advertising,
        ["targeting"] = Advertising,
        ["C0004"] = Advertising,
        ["ad_storage"] = Advertising,
        ["ad_user_data"] = Advertising,
        ["ad_personalization"] = Advertising,
    };

    private static readonly string[] UsualPlaceholders =
    [
        "null", "undefined", "none", "nil", "nan", "n/a", "na", "unknown", "empty", "blank", "missing", "default", "no value", "no data", "not available", "not applicable", "not set", "not_set", "notset", "nobody", "no user", "no_user",
        "true", "false", "0", "-1", "00000000-0000-0000-0000-000000000000", "object object", "system.object", "ffffffff-ffff-ffff-ffff-ffffffffffff",
        "#ref!", "#value!", "#name?", "#null!", "#num!", "#div/0!", "#error!", "string", "uuid", "guid", "deleted", "deleted user",
        "9774d56d682e549c", // what many old Android devices call themselves, all of them
        "anonymous", "anonymous user", "anon", "guest", "visitor", "no id", "unknown user", "unknown id", "unidentified", "unauthenticated", "not_authenticated", "not authenticated", "logged_out", "logged out", "not_logged_in", "not logged in",
        "id", "email", "userid", "user_id", "user id", "distinctid", "distinct_id", "anonymousid", "anonymous_id",
    ];

    /// <summary>What the source <c>default</c> is until someone changes it, and any other in what its document leaves out. The rate is far above a busy site's: it bounds what somebody with the public key can make a day cost.</summary>
    public static Source Default { get; } = new(
        DefaultId, "Default", ["*"], EventsPerSecond: 5_000, RespectPrivacySignals: true, DropBots: true, UsualCategories, UsualPlaceholders, AcceptUserIds: true, MergeByAlias: false);

    /// <summary>What the source knows and a selection leaves out: a no. Whoever has chosen marketing by name says more of it than by not choosing advertising.</summary>
    public IEnumerable<string> LeftOutOf(IReadOnlyCollection<string> chosen) => ConsentCategories.Values.Distinct(StringComparer.OrdinalIgnoreCase)
        .Except(chosen, StringComparer.OrdinalIgnoreCase).Except(chosen.Contains(Marketing, StringComparer.OrdinalIgnoreCase) ? [Advertising] : [], StringComparer.OrdinalIgnoreCase);

    /// <summary>Banners and their settings agree on words more often than on their case.</summary>
    public string TopicOf(string category)
    {
        foreach (var (known, topic) in ConsentCategories)
        {
            if (known.Equals(category, StringComparison.OrdinalIgnoreCase))
            {
                return topic;
            }
        }

        return category;
    }
}

/// <summary>What stands in a source's document: everything that a PUT sends, with what holds when it is left out.</summary>
public sealed record SourceDocument(
    string Name,
    IReadOnlyList<string>? AllowedOrigins = null,
    int? EventsPerSecond = null,
    bool? RespectPrivacySignals = null,
    bool? DropBots = null,
    IReadOnlyDictionary<string, string>? ConsentCategories = null,
    IReadOnlyList<string>? NobodyIds = null,
    bool? AcceptUserIds = null,
    bool? MergeByAlias = null,
    bool? IsServer = null,
    bool? AcceptAddresses = null)
{
    public Source ToSource(string id) => new(
        id,
        Name,
        AllowedOrigins ?? Source.Default.AllowedOrigins,
        EventsPerSecond ?? Source.Default.EventsPerSecond,
        RespectPrivacySignals ?? Source.Default.RespectPrivacySignals,
        DropBots ?? Source.Default.DropBots,
        ConsentCategories ?? Source.Default.ConsentCategories,
        NobodyIds ?? Source.Default.NobodyIds,
        AcceptUserIds ?? Source.Default.AcceptUserIds,
        MergeByAlias ?? Source.Default.MergeByAlias,
        IsServer ?? Source.Default.IsServer,
        AcceptAddresses ?? Source.Default.AcceptAddresses);
}

/// <summary>A write key's record. Write keys stand in web pages: they identify, they do not protect; all the same only their hash is kept.</summary>
public sealed record WriteKeyDocument(string Source, string Hash);
