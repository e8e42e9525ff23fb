using System.Text.Json.Serialization;

namespace LeadFunctions.Forms;

/// <summary>Why something that was sent is kept apart.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<SpamReason>))]
internal enum SpamReason
{
    /// <summary>It filled in what no person sees.</summary>
    Honeypot,

    /// <summary>It was quicker than people are, or cannot say when it was shown the form.</summary>
    Time,

    /// <summary>Too many links.</summary>
    Links,

    /// <summary>Too many from one address.</summary>
    Rate,
}

/// <summary>What gives robots away. Who is taken for one is answered as everybody is, so that it learns nothing.</summary>
internal static class Spam
{
    private static readonly string[] Links = ["http://", "https://", "www.", "[url", "href="];

    /// <summary>Null for what looks as if a person had sent it.</summary>
    /// <param name="ticket">What the page was shown with; null: nothing that is signed.</param>
    public static SpamReason? Find(FormDocument form, SentForm sent, FormTicket? ticket, DateTimeOffset now) =>
        form.Honeypot is { } trap && sent.All(trap).Any(value => value.Length > 0) ? SpamReason.Honeypot
        : form.MinimumSeconds > 0 && (ticket is null || now - ticket.ShownAt < TimeSpan.FromSeconds(form.MinimumSeconds)) ? SpamReason.Time
        : form.Fields.Sum(field => sent.All(field.Name).Sum(LinksIn)) > form.MaxLinks ? SpamReason.Links
        : null;

    private static int LinksIn(string text)
    {
        var links = 0;
        for (var at = 0; at < text.Length;)
        {
            var next = -1;
            var length = 0;
            foreach (var mark in Links)
            {
                if (text.IndexOf(mark, at, StringComparison.OrdinalIgnoreCase) is >= 0 and var found && (next < 0 || found < next))
                {
                    (next, length) = (found, mark.Length);
                }
            }

            if (next < 0)
            {
                break;
            }

            links++;
            at = next + length + (text.AsSpan(next + length).StartsWith("www.", StringComparison.OrdinalIgnoreCase) ? 4 : 0); // https://www. is one
        }

        return links;
    }
}
