using System.ComponentModel.DataAnnotations;

namespace LeadFunctions.Journeys.Delivery;

/// <summary>Settings under <c>LeadFunctions:Journeys</c>.</summary>
public sealed class JourneysOptions
{
    /// <summary>IANA name of the zone that leads live in when neither they nor the journey say otherwise.</summary>
    [Required]
    public string TimeZone { get; set; } = "Etc/UTC";

    /// <summary>Folder that shows each message of the development outbox as a file; empty for none. Relative to the working directory.</summary>
    public string OutboxFolder { get; set; } = "";

    /// <summary>Messages of the outbox that are older are removed; 0 keeps them all. They hold names and addresses: keep them no longer than they are needed.</summary>
    [Range(0, 3650)]
    public int OutboxDays { get; set; }

    /// <summary>Whether webhooks may call private and loopback addresses: on a developer's machine, not where strangers write journeys.</summary>
    public bool AllowPrivateWebhooks { get; set; }
}
