namespace LeadFunctions.Mail.Outbox;

/// <summary>Where the outbox shows what it has beside its table, and for how long it keeps it.</summary>
/// <param name="Folder">Empty for none.</param>
/// <param name="Days">0 keeps all.</param>
public sealed record OutboxPlace(string Folder, int Days);
