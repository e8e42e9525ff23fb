namespace LeadFunctions.OnSite;

/// <summary>What a button that closes something is called.</summary>
internal static class CloseWords
{
    public static string In(string locale) => locale.Split('-')[0].ToLowerInvariant() switch
    {
        "de" => "Schließen",
        "pl" => "Zamknij",
        "sl" => "Zapri",
        "ru" => "Закрыть",
        _ => "Close",
    };
}
