using System.Text.Json;
using LeadFunctions.Conditions;
using LeadFunctions.Conditions.Values;
using LeadFunctions.Events;

namespace LeadFunctions.Ingest.Reading;

/// <summary>Where an answer about consent names what it is about: in the name of its field (<c>marketing_consent</c>, <c>emailOptOut</c>), or in a field beside it (<c>"topic": "marketing", "granted": false</c>).</summary>
internal static class ConsentNames
{
    private const int MostWords = 8;

    private static readonly char[] Between = ['_', '-', ' '];

    private static readonly HashSet<string> Topics = new(
        ["topic", "topics", "category", "categories", "purpose", "purposes", "list", "lists", "listid", "listname", "scope", "scopes", "consenttopic", "consentcategory", "consentpurpose", "subscriptiongroup", "preference", "setting", "field"],
        StringComparer.OrdinalIgnoreCase);

    private static readonly HashSet<string> Channels = new(["channel", "channels"], StringComparer.OrdinalIgnoreCase);

    // Between an answer and its topic, or in the place of one: these say whose it is, under which law, or nothing.
    private static readonly HashSet<string> Nothings = new(
        ["gdpr", "ccpa", "dsgvo", "lgpd", "user", "users", "customer", "contact", "subscriber", "member", "profile", "person", "subscription", "privacy", "legal", "general", "global", "globally", "overall", "current", "new",
         "notification", "notifications", "message", "messages", "mailing", "mailings", "communication", "communications", "list", "lists", "via", "by", "through", "per", "the", "our", "us"],
        StringComparer.OrdinalIgnoreCase);

    // In a list of answers; elsewhere these say something else.
    private static readonly HashSet<string> TopicsInLists = new(["id", "key", "name", "type", "code", "label", "consentid", "consenttype", "purposeid", "categoryid"], StringComparer.OrdinalIgnoreCase);

    /// <summary>What an answer is about by the words of its name, with the answer's own word at either end.</summary>
    /// <param name="topic">What is left without it, dotted where a channel is part of it: <c>marketing</c>, <c>marketing.email</c>.</param>
    /// <param name="answer">That word: <c>consent</c>, <c>OptOut</c>; empty when there is none, and a topic and a channel are all there is.</param>
    public static bool TrySplit(string name, out string topic, out string answer)
    {
        (topic, answer) = ("", "");
        var words = Words(name);
        if (words.Count > 2 && Consent.IsPlace(words[^1]) && Enumerable.Range(1, words.Count - 2).Any(i => Consent.IsAnswer(string.Join(' ', words[i..^1]), out _)))
        {
            words.RemoveAt(words.Count - 1); // "marketing_opt_in_status": where the answer is
        }

        for (var i = 1; i < words.Count && topic.Length == 0; i++)
        {
            if (string.Join(' ', words.Skip(i)) is var end && Consent.IsAnswer(end, out _))
            {
                (topic, answer) = (TopicOf(words.Take(i)), end);
            }
        }

        for (var i = words.Count - 1; i > 0 && topic.Length == 0; i--) // "do not send" rather than "do not"
        {
            if (string.Join(' ', words.Take(i)) is var begin && Consent.IsAnswer(begin, out _) && !Consent.IsPlace(begin))
            {
                (topic, answer) = (TopicOf(words.Skip(i)), begin);
            }
        }

        topic = topic.Length > 0 || words.Count < 2 ? topic : TopicOf(words) is var whole && whole.Contains('.', StringComparison.Ordinal) ? whole : "";
        return topic.Length > 1;
    }

    /// <summary>An answer whose name has other words that say nothing of a topic: <c>gdpr_consent</c>, <c>subscription_status</c>, <c>globallyUnsubscribed</c>.</summary>
    /// <param name="answer">The answer's own word.</param>
    public static bool NamesNoTopic(string name, out string answer) =>
        TrySplit(name, out var topic, out answer) && answer.Length > 0 && topic.Split('_', '.').All(Nothings.Contains);

    /// <summary>An event whose name says what was decided: <c>Consent Withdrawn</c>, <c>Email Unsubscribed</c>, <c>Opted Out of Marketing</c>.</summary>
    /// <param name="word">The words of the name that say it.</param>
    /// <param name="about">What is left of the name with these words; the name itself where they end it.</param>
    public static bool IsDecision(string name, out string word, out string about, out bool isRefusal)
    {
        (word, about, isRefusal) = ("", name, false);
        var words = Words(name);
        for (var i = 0; i < words.Count; i++)
        {
            word = string.Join(' ', words.Skip(i));
            if (Consent.IsAnswer(word, out isRefusal))
            {
                return true;
            }
        }

        words = [.. words.SkipWhile(Nothings.Contains)]; // "User Opted Out of Marketing"
        about = string.Join(' ', words);
        for (var i = words.Count - 1; i > 0; i--)
        {
            word = string.Join(' ', words.Take(i));
            if (Consent.IsAnswer(word, out isRefusal) && isRefusal)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>What holds the names of what was agreed to, and leaves out what was not: <c>allowedConsentIds</c>, OneTrust's <c>OnetrustActiveGroups</c>.</summary>
    public static bool IsListOfAllowed(string name) => Letters(name).ToUpperInvariant() is "ALLOWEDCONSENTIDS" or "ONETRUSTACTIVEGROUPS" or "OPTANONACTIVEGROUPS" or "ACTIVEGROUPS"
        or "ACCEPTEDCATEGORIES" or "ALLOWEDCATEGORIES" or "GRANTEDCATEGORIES" or "ACCEPTED" or "ALLOWED" or "GRANTED";

    /// <summary>What holds the names of what was refused: <c>rejectedCategories</c>, <c>unsubscribed_from</c>, <c>deniedConsentIds</c>.</summary>
    public static bool IsListOfRefused(string name) => TrySplit(name, out var what, out var word) && Consent.IsAnswer(word, out var isRefusal) && isRefusal
        && Letters(what) is var letters && (Topics.Contains(letters) || Channels.Contains(letters) || letters.ToUpperInvariant() is "FROM" or "CONSENTIDS" or "IDS" or "GROUPS" or "VENDORS" or "SUBSCRIPTIONS");

    private static string TopicOf(IEnumerable<string> words)
    {
        // "hasMarketingConsent", "doNotTrack", "email_marketing_consent", "HasOptedOutOfEmail", "hs_email_optout", "marketing_emails"
        List<string> left = [.. words.SkipWhile(word => word.ToUpperInvariant() is "IS" or "HAS" or "HS").Select(word => word is [.. var one, 's' or 'S'] && TopicConsent.Channels.Contains(one) ? one : word)];
        while (left.Count > 1 && left[0].ToUpperInvariant() is "OF" or "FROM" or "TO" or "FOR")
        {
            left.RemoveAt(0);
        }

        if (left.Exists(word => !Nothings.Contains(word)))
        {
            left.RemoveAll(Nothings.Contains);
        }

        if (left.Count > 1 && left.FindIndex(TopicConsent.Channels.Contains) is >= 0 and var channel && (channel == 0 || channel == left.Count - 1))
        {
            var name = left[channel];
            left.RemoveAt(channel);
            return $"{TopicOf(left)}.{name}";
        }

        var topic = string.Join('_', left);
        return topic.Equals("track", StringComparison.OrdinalIgnoreCase) ? ConsentEvents.Tracking : topic;
    }

    /// <summary>What an object's fields say that its answers are about, each a dotted path (<c>marketing</c>, <c>marketing.email</c>); none when they do not.</summary>
    public static IReadOnlyList<string> NamedIn(JsonElement answers, bool isInList)
    {
        var topics = TextsUnder(answers, name => Topics.Contains(name) || (isInList && TopicsInLists.Contains(name)));
        var channels = ChannelsIn(answers);
        return topics.Count == 0 ? channels : channels.Count == 0 ? topics : [.. topics.SelectMany(topic => channels.Select(channel => $"{topic}.{channel}"))];
    }

    public static IReadOnlyList<string> ChannelsIn(JsonElement answers) => TextsUnder(answers, Channels.Contains);

    /// <summary>A field that says what the answers beside it are about.</summary>
    public static bool IsNaming(string name, bool isInList) =>
        Letters(name) is var letters && (Topics.Contains(letters) || Channels.Contains(letters) || (isInList && TopicsInLists.Contains(letters)));

    private static List<string> TextsUnder(JsonElement answers, Func<string, bool> isNaming) =>
        answers.ValueKind != JsonValueKind.Object ? [] : [.. answers.EnumerateObject().Where(member => isNaming(Letters(JsonText.NameOf(member)))).SelectMany(member => Texts(member.Value))];

    private static string Letters(string name) => string.Concat(name.Where(char.IsAsciiLetterOrDigit));

    /// <summary>Whether something stands there that can be a name.</summary>
    public static bool HasName(JsonElement value) => Texts(value).Any(text => text.Length > 0 && Consent.Read(Value.From(text)) == Said.Unclear);

    private static IEnumerable<string> Texts(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => [JsonText.Of(value).Trim()],
        JsonValueKind.Array => value.EnumerateArray().Where(item => item.ValueKind == JsonValueKind.String).Select(item => JsonText.Of(item).Trim()),
        JsonValueKind.Number => [value.GetRawText()],
        _ => [],
    };

    private static List<string> Words(string name)
    {
        var words = new List<string>();
        var begin = 0;
        for (var i = 1; i <= name.Length && words.Count < MostWords; i++)
        {
            if (i == name.Length || IsBetween(name[i]) || (char.IsUpper(name[i]) && !char.IsUpper(name[i - 1])))
            {
                if (name[begin..i].Trim(Between) is { Length: > 0 } word)
                {
                    words.Add(word);
                }

                begin = i;
            }
        }

        return words;
    }

    private static bool IsBetween(char c) => Array.IndexOf(Between, c) >= 0;
}
