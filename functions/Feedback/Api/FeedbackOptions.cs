using System.ComponentModel.DataAnnotations;

namespace LeadFunctions.Feedback.Api;

/// <summary>Settings under <c>LeadFunctions:Feedback</c>.</summary>
public sealed class FeedbackOptions
{
    /// <summary>From this confidence on an open or a click counts as a person's.</summary>
    [Range(0.0, 1.0)]
    public double HumanFrom { get; set; } = 0.5;

    /// <summary>Addresses of data centres, as <c>20.33.0.0/16, 2603:1000::/24</c>: people rarely read mail from there.</summary>
    public string MachineRanges { get; set; } = "";

    /// <summary>What carriers show to be let in, as <c>eventgrid=…;sendgrid=…;mailgun=…;postmark=…</c>; who is not named is not.</summary>
    public string Keys { get; set; } = "";

    /// <summary>The SNS topic by which SES may report, as its ARN; empty for none. A subscription to it is confirmed, and to no other.</summary>
    public string SnsTopic { get; set; } = "";

    /// <summary>Sites of yours on which a click in a message tells whose browser it is, as <c>https://shop.example, https://*.shop.example</c>; empty: nowhere.</summary>
    public string LinkBrowsers { get; set; } = "";
}
