using Relay;
using Samepage;

try
{
    switch (args)
    {
        case ["server"]:
            return Server.Run();
        case ["client"]:
            return Client.Run();
        default:
            Console.Error.WriteLine("Usage: Relay server   hands on what it reads from its input, until that ends\n       Relay client   writes what the server hands on to its output");
            return Outcome.Failed;
    }
}
catch (SharedObjectException failure)
{
    Console.Error.WriteLine(failure.Message);
    return Outcome.Failed;
}

/// <summary>How the program ends.</summary>
internal static class Outcome
{
    /// <summary>All of the server's input was handed over.</summary>
    public const int Complete = 0;

    /// <summary>Wrong use, or the system refused.</summary>
    public const int Failed = 1;

    /// <summary>The other program of this role is running already.</summary>
    public const int Refused = 2;

    /// <summary>The other side ended before the end of the input.</summary>
    public const int PeerGone = 3;

    public static int Of(int code, string message)
    {
        Console.Error.WriteLine(message);
        return code;
    }
}
