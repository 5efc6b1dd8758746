#include "shop/shop_worker.h"

int main(int argc, char **argv)
{
    return shop_worker_main(argc, argv, WIRE_FAMILY_ORDER);
}
