namespace Samepage.Torture.Working;

/// <summary>A role saw at once what must never be.</summary>
internal sealed class FaultException(string message) : Exception(message);
