namespace LeadFunctions.Scoring;

/// <summary>The live model and the versions that ledgers may refer to, as one immutable snapshot.</summary>
internal sealed class ScoringModels
{
    /// <summary>Nothing is scored.</summary>
    public static readonly ScoringModels None = new();

    /// <summary>What new events are scored by; null when nothing is published.</summary>
    public ScoringModel? Live { get; init; }

    /// <summary>A snapshot that also knows this version.</summary>
    public ScoringModels With(ScoringModel model) => throw new NotImplementedException();

    /// <summary>A snapshot in which this version (which it then also knows) is live.</summary>
    public ScoringModels WithLive(ScoringModel? model) => throw new NotImplementedException();

    public ScoringModel? Find(string id, int version) => throw new NotImplementedException();

    /// <summary>By reference, "shop@3".</summary>
    public ScoringModel? Find(string reference) => throw new NotImplementedException();
}
