using Frames;
using Samepage;

try
{
    switch (args)
    {
        case ["publish"]:
            return Publisher.Run();
        case ["subscribe"]:
            return Subscriber.Run(paced: false);
        case ["subscribe", "--paced"]:
            return Subscriber.Run(paced: true);
        default:
            Console.Error.WriteLine("""
                Usage: Frames publish              publishes a frame of 8 MiB for each line of its input
                       Frames subscribe            looks at every frame
                       Frames subscribe --paced    looks at one for each line of its input, and at its end at the rest
                """);
            return 1;
    }
}
catch (SharedObjectException failure)
{
    Console.Error.WriteLine(failure.Message);
    return 1;
}
