namespace LeadFunctions.Feedback.Stored;

/// <summary>Wants to hear of messages that came back after their carrier had taken them, or were called spam.</summary>
public interface IReturns
{
    /// <summary>May be told the same again.</summary>
    Task HearAsync(string sendId, CancellationToken cancellationToken);
}
