namespace Azure.Data.Tables;

/// <summary>What a write does with the properties that the given entity does not have.</summary>
public enum TableUpdateMode
{
    /// <summary>They stay.</summary>
    Merge = 0,

    /// <summary>They go.</summary>
    Replace = 1,
}
