namespace UnbindPortal.Features.Account;

/// <summary>Marks the words of signing in and passwords.</summary>
public sealed class AccountTexts;
